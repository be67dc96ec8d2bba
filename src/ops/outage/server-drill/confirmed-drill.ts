import { requireConfirmation, type Target } from '../../config/target-guard.js'
import type { OutageReport } from '../../report/drill-report.js'
import { SafetyError } from '../../report/errors.js'
import type { TargetReport } from '../../report/keys-report.js'
import { drillServer, planServerDrill, type ServerDrill } from './drill-server.js'
import { requirePausable } from './fitness.js'
import type { Others } from './others.js'

const WHAT = 'let all clients of a server wait'
const ALWAYS = 'whoever uses it would notice, also where it is declared not to be production'

export interface ConfirmedDrill extends Omit<ServerDrill, 'url' | 'target' | 'others'> {
  named: {
    /** Credentials included. */
    url: string
    /** Of Upstash, which cannot be paused. */
    token?: string | undefined
    target: Target
  }
  /** Asks the server who it is and who uses it, and changes nothing. */
  look(): Promise<{ target: TargetReport; others: Others }>
  /** What would happen, in one sentence, before anybody is asked. */
  onForeseen(text: string): void
  /** Names that were given; undefined: none was. */
  confirmed: readonly string[] | undefined
  /** Has the name typed; null where nobody sits there. */
  ask: ((name: string) => Promise<string>) | null
}

/**
 * As `drillServer`, once somebody has given the name of the server: typed, or at once.
 *
 * Rejects with SafetyError before anything is sent to it when nobody has, and can be asked.
 */
export async function drillConfirmed(options: ConfirmedDrill): Promise<OutageReport> {
  const { named, ask, fault } = options
  const require = (names: readonly string[] | undefined) =>
    requireConfirmation(
      named.target,
      WHAT,
      names?.find((name) => name === named.target.name) ?? names?.[0],
      ALWAYS,
    )
  if (named.token !== undefined) {
    throw new SafetyError('ON_UPSTASH', 'Refused to pause a server: Upstash has no CLIENT PAUSE.', [
      '--drill upstash-hang, on an emulated one',
    ])
  }
  const { duringMs } = planServerDrill(options)
  if (options.confirmed !== undefined || ask === null) require(options.confirmed)
  const { target, others } = await options.look()
  requirePausable(target, others, fault === 'pause' ? 'all' : 'writes')
  options.onForeseen(foreseen(fault, target, others, duringMs))
  if (options.confirmed === undefined && ask !== null) require([await ask(named.target.name)])
  return drillServer({ ...options, url: named.url, target, others })
}

function foreseen(
  fault: ServerDrill['fault'],
  { name, address }: TargetReport,
  { clients }: Others,
  duringMs: number,
): string {
  const who =
    clients === null
      ? 'every other client'
      : `${clients} other client${clients === 1 ? '' : 's'}, and whoever connects meanwhile,`
  const where = name === address ? name : `${name} (${address})`
  const what = fault === 'pause' ? 'all that they ask' : 'whatever they write, scripts included'
  return `On ${where}, ${who} will wait for up to ${duringMs / 1000} s with ${what}.`
}
