import type { SupabaseClient } from '@supabase/supabase-js'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { onEvent } from '../../../src/library/kernel/events.js'
import type { RedisBackend } from '../../../src/library/backends/resolve.js'
import { createConversationStore } from '../../../src/library/stores/conversation/create-conversation-store.js'
import type { ConversationStore } from '../../../src/library/stores/conversation/conversation-store.js'
import type { Viewer } from '../../../src/library/stores/viewer.js'
import type { RestDoor, TcpDoor } from '../../../src/ops/faults/doors/door.js'
import { createRestDoor } from '../../../src/ops/faults/doors/rest.js'
import { createTcpDoor } from '../../../src/ops/faults/doors/tcp.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startSupabase, type SupabaseService } from '../../../src/ops/sandbox/supabase/start-supabase.js'
import { startUpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { supabaseUser } from './supabase-user.js'

/** A database, and a Redis in every condition, for one file of tests. */
export interface Rig {
  supabase: SupabaseService
  /** In front of the REST endpoint: counts what the stores ask, and takes it away. */
  database: RestDoor
  /** In front of Redis. */
  redisDoor: TcpDoor
  /** Past that door. */
  redis: Redis
  /** Past everything: what another writer does to the rows. */
  sql: Client
  upstash: RedisBackend
  stop(): Promise<void>
}

export async function startRig(): Promise<Rig> {
  const ends: (() => unknown)[] = []
  const stop = async () => {
    for (const end of ends.toReversed()) await end()
  }
  try {
    const sandbox = await startSandbox()
    ends.push(() => sandbox.stop())
    const supabase = await startSupabase({ watchdog: sandbox.watchdog })
    ends.push(() => supabase.stop())
    const database = await createRestDoor({ upstream: supabase })
    ends.push(() => database.close())
    const redisDoor = await createTcpDoor({ upstream: sandbox.redis })
    ends.push(() => redisDoor.close())
    const { url, token, stop: stopUpstash } = await startUpstashEndpoint({ redisUrl: sandbox.redis.url })
    ends.push(stopUpstash)
    const redis = new Redis(sandbox.redis.url)
    ends.push(() => redis.disconnect())
    const sql = new Client({ connectionString: supabase.postgres!.url })
    await sql.connect()
    ends.push(() => sql.end())
    return { supabase, database, redisDoor, redis, sql, upstash: { backend: 'upstash', url, token }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export function serviceClient({ database, supabase }: Rig): SupabaseClient {
  return supabaseUser(`http://${database.host}:${database.port}`, supabase.serviceRoleKey)
}

/** A store of one process, with what its cache did, one line per operation. */
export interface OpenedStore {
  store: ConversationStore
  log: string[]
  close(): Promise<void>
}

export function openStore(rig: Rig, redis: RedisBackend | null, deadlineMs = 3000): OpenedStore {
  const log: string[] = []
  const stop = onEvent((event) => {
    if (event.type !== 'operation' || event.cache !== 'conversations') return
    log.push([event.operation, event.result, event.errorType].filter(Boolean).join(' '))
  })
  const store = createConversationStore({ supabase: serviceClient(rig), redis, deadlineMs })
  return {
    store,
    log,
    async close() {
      stop()
      await store.close()
    },
  }
}

export function behindDoor({ redisDoor }: Rig): RedisBackend {
  return { backend: 'redis', url: `redis://${redisDoor.host}:${redisDoor.port}` }
}

let tenants = 0

/** Everybody who may come, around a tenant that no other test knows. */
export function people() {
  const tenantId = `tenant ${++tenants}`
  return {
    owner: { tenantId, userId: 'olivia' },
    colleague: { tenantId, userId: 'carl' },
    nobody: { tenantId, userId: null },
    /** Calls himself as the owner does. */
    foreigner: { tenantId: `${tenantId}, another`, userId: 'olivia' },
    outsider: { tenantId: `${tenantId}, another`, userId: 'oscar' },
  } satisfies Record<string, Viewer>
}
