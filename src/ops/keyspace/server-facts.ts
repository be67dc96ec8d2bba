import type { OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'

/** Who a server says it is; null where it would not say. */
export interface ServerFacts {
  version: string | null
  role: 'master' | 'replica' | null
  /** Changes with every start of the process. */
  runId: string | null
  /** In a cluster one connection sees a part of the keys only. */
  cluster: boolean
}

/** One INFO; a server that does not allow it is no obstacle. */
export async function readFacts(client: OperatorClient): Promise<ServerFacts> {
  let info = ''
  try {
    info = String(await client.send('INFO'))
  } catch (error) {
    if (!(error instanceof OperatorError) || !isRefusal(error)) throw error
  }
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)`, 'm').exec(info)?.[1] ?? null
  const role = field('role')
  return {
    version: field('redis_version'),
    role: role === 'master' ? 'master' : role === 'slave' ? 'replica' : null,
    runId: field('run_id'),
    cluster: field('cluster_enabled') === '1',
  }
}

/** The server answered, and would not do it; as opposed to no answer. */
export function isRefusal(error: OperatorError): boolean {
  return error.code === 'NOPERM' || error.code === 'ERR'
}
