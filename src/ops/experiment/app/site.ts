import type { DrillSupabase } from '../supabase/open-supabase.js'
import type { Leftovers } from '../measurement.js'
import type { Site } from '../rig.js'
import type { AppSpec } from './app.js'
import { appEnvironment, type AppEnvironment } from './environment.js'

/** What the app's source of truth is seen by. */
export type AppSource = Pick<DrillSupabase, 'door' | 'died' | 'loadsSince' | 'takeLoads'>

/** Where an app is drilled: doors, and what it is told of them. */
export interface AppSite extends Pick<Site, 'door' | 'server' | 'watchdog' | 'emulated'> {
  /** Opened when it is asked for first. */
  openSource(): Promise<AppSource>
  /** All that the app gets, once its source is there where it has one. */
  environmentFor(spec: AppSpec): AppEnvironment
  /**
   * What the app has left, once it is gone; null when nobody could look.
   *
   * @param keyPrefix what the keys that probes are about begin with; null when there are none
   */
  leftBy(keyPrefix: string | null): Promise<Leftovers | null>
  /** Why that is not looked into; absent: it is. */
  leftUnseen?(keyPrefix: string | null): string | undefined
}

/** Servers of our own. */
export function embeddedSite(rig: Site): AppSite {
  let supabase: DrillSupabase | undefined
  const { door, server, watchdog } = rig
  return {
    door,
    server,
    watchdog,
    get emulated() {
      return rig.emulated
    },
    async openSource() {
      supabase = await rig.openSupabase()
      return supabase
    },
    environmentFor: (spec) =>
      appEnvironment(spec, {
        ...rig.environments.main,
        ...(supabase && { supabase: supabase.environments.main }),
      }),
    leftBy: () => rig.findLeftovers(null),
  }
}
