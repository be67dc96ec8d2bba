import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { resolveBackend, type RedisBackend } from '../../library/backends/resolve.js'
import { createUpstashOperatorClient } from '../../library/backends/upstash-operator.js'
import type { Settings } from '../config/schema.js'
import { identifyTarget, type Target } from '../config/target-guard.js'
import { EnvironmentError, UsageError } from '../report/errors.js'
import type { Billing } from './cost.js'
import { openNodes, type Nodes } from './nodes.js'
import { readFacts, type ServerFacts } from './server-facts.js'
import { toEnvironmentError } from './server-error.js'
import { fromFlag, requirePlace } from './server-url.js'

export { toEnvironmentError } from './server-error.js'

/** One command, or one pipeline of some hundred, gets this long; a server that forks or runs a script may pause. */
const DEADLINE_MS = 3000

export interface ServerOptions {
  /** Instead of what the environment says; must not carry credentials. */
  url?: string | undefined
  environment: Record<string, string | undefined>
  environments: Settings['environments']
  /** Whether Upstash will do, which is asked over REST. @default false */
  upstash?: boolean
}

/** A connected server, who it is, and whether it counts as production; of a cluster all masters. */
export interface Server extends Nodes {
  /** The one that was named. In a cluster it may hold no keys: whoever asks for keys asks the `nodes`. */
  client: OperatorClient
  target: Target
  facts: ServerFacts
  /** Null where commands cost nothing. */
  billing: Billing | null
  /** Ends all connections at once. Idempotent. */
  close(): void
}

/** Which server is meant, before anything is sent to it. */
export interface NamedServer {
  url: string
  password?: string | undefined
  /** Upstash's; the URL then is that of its REST interface. */
  token?: string | undefined
  target: Target
}

/**
 * The server that `--url`, else the application's environment (REDIS_URL, REDIS_PASSWORD, or UPSTASH_REDIS_REST_URL and
 * UPSTASH_REDIS_REST_TOKEN) names.
 *
 * @throws UsageError when none is named or a secret stands in `--url`; EnvironmentError for Upstash where it will not do
 */
export function nameServer({ url, environment, environments, upstash }: ServerOptions): NamedServer {
  const named: Named = url === undefined ? fromEnvironment(environment, upstash) : fromFlag(url, environment)
  if (named.token === undefined) requirePlace(named.url, url === undefined ? 'REDIS_URL' : '--url')
  return { ...named, target: identifyTarget({ url: named.url, environments }) }
}

/**
 * @param signal gives up, also later whatever the server is asked (`REDIS_ABORTED`, caused by the signal's reason)
 * @throws EnvironmentError when it cannot be reached, says no, or does not answer in time
 */
export async function openServer(named: NamedServer, signal?: AbortSignal): Promise<Server> {
  if (named.token !== undefined) return openUpstash({ ...named, token: named.token }, signal)
  const { url, password, target } = named
  const options = { url, password, deadlineMs: DEADLINE_MS, signal }
  let client: OperatorClient | undefined
  try {
    client = await createOperatorClient(options)
    const facts = await readFacts(client)
    const opened = await openNodes(client, facts, options)
    const clients = [client, ...opened.nodes.map((node) => node.client)]
    const close = () => {
      for (const each of clients) each.close()
    }
    return { client, target, facts, ...opened, billing: null, close }
  } catch (error) {
    client?.close()
    const known = toEnvironmentError(error)
    if (!(known instanceof EnvironmentError) || known.code !== 'REDIS_TIMEOUT') throw known
    if (!named.url.startsWith('rediss:')) throw known
    // A server without TLS takes a handshake for the beginning of a command, and waits for the rest.
    const orPlain = 'or redis:// instead of rediss://, if the server does not speak TLS'
    throw new EnvironmentError(known.code, known.message, [...known.suggestions, orPlain], { cause: error })
  }
}

async function openUpstash(
  { url, token, target }: NamedServer & { token: string },
  signal: AbortSignal | undefined,
): Promise<Server> {
  try {
    const client = await createUpstashOperatorClient({ url, token, deadlineMs: DEADLINE_MS, signal })
    const facts = await readFacts(client)
    const node = { address: client.address, client, facts, slots: null }
    const close = () => client.close()
    return { client, target, facts, nodes: [node], unreachable: [], slotsUnserved: 0, billing: client, close }
  } catch (error) {
    throw toEnvironmentError(error)
  }
}

type Named = Omit<NamedServer, 'target'>

function fromEnvironment(environment: ServerOptions['environment'], upstash = false): Named {
  const { backend, decidedBy, problems } = resolveBackend(environment)
  if (backend) return usable(backend, upstash)
  if (problems.length === 0 && decidedBy === 'CACHE_PROVIDER') {
    throw new UsageError('NO_TARGET', 'No server is named: CACHE_PROVIDER=none switches Redis off.', [
      'unset CACHE_PROVIDER for this command, to look at the server of REDIS_URL',
      'or --url redis://host:6379',
    ])
  }
  throw new UsageError('NO_TARGET', `No server is named: ${problems[0] ?? 'REDIS_URL is not set'}.`, [
    'export REDIS_URL=redis://host:6379',
    'or --url redis://host:6379',
  ])
}

function usable(backend: RedisBackend, upstash: boolean): Named {
  if (backend.backend === 'redis' || upstash) return backend
  throw new EnvironmentError(
    'UPSTASH_NOT_YET',
    'The environment names Upstash, which this command cannot work on yet.',
    ['set REDIS_URL to use it on a Redis server'],
  )
}
