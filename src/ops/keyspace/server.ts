import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { resolveBackend } from '../../library/backends/resolve.js'
import type { Settings } from '../config/schema.js'
import { identifyTarget, type Target } from '../config/target-guard.js'
import { EnvironmentError, UsageError } from '../report/errors.js'
import { openNodes, type Nodes } from './nodes.js'
import { readFacts, type ServerFacts } from './server-facts.js'
import { fromFlag, requirePlace } from './server-url.js'

/** One command, or one pipeline of some hundred, gets this long; a server that forks or runs a script may pause. */
const DEADLINE_MS = 3000

export interface ServerOptions {
  /** Instead of what the environment says; must not carry credentials. */
  url?: string | undefined
  environment: Record<string, string | undefined>
  environments: Settings['environments']
}

/** A connected server, who it is, and whether it counts as production; of a cluster all masters. */
export interface Server extends Nodes {
  /** The one that was named. In a cluster it may hold no keys: whoever asks for keys asks the `nodes`. */
  client: OperatorClient
  target: Target
  facts: ServerFacts
  /** Ends all connections at once. Idempotent. */
  close(): void
}

/** Which server is meant, before anything is sent to it. */
export interface NamedServer {
  url: string
  password?: string | undefined
  target: Target
}

/**
 * The server that `--url`, else the application's environment (REDIS_URL, REDIS_PASSWORD) names.
 *
 * @throws UsageError when none is named or a secret stands in `--url`; EnvironmentError for Upstash
 */
export function nameServer({ url, environment, environments }: ServerOptions): NamedServer {
  const named = url === undefined ? fromEnvironment(environment) : fromFlag(url, environment)
  requirePlace(named.url, url === undefined ? 'REDIS_URL' : '--url')
  return { ...named, target: identifyTarget({ url: named.url, environments }) }
}

/**
 * @param signal gives up, also later whatever the server is asked (`REDIS_ABORTED`, caused by the signal's reason)
 * @throws EnvironmentError when it cannot be reached, says no, or does not answer in time
 */
export async function openServer(named: NamedServer, signal?: AbortSignal): Promise<Server> {
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
    return { client, target, facts, ...opened, close }
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

/** What went wrong with the server as something that its owner can act on; anything else comes back as it was. */
export function toEnvironmentError(error: unknown): unknown {
  if (!(error instanceof OperatorError)) return error
  return new EnvironmentError(`REDIS_${error.code}`, error.message, WAYS_OUT[error.code] ?? [], {
    cause: error,
  })
}

const PASSWORD = 'set REDIS_PASSWORD, or put user and password into REDIS_URL'
const WAYS_OUT: Record<string, string[]> = {
  NOAUTH: [PASSWORD],
  WRONGPASS: [PASSWORD],
  NOPERM: ['a user whose ACL allows SCAN, PTTL, TYPE and MEMORY USAGE (and UNLINK to purge)'],
  NO_DATABASE: ['correct the database at the end of the URL, as in redis://host:6379/0'],
  LOADING: ['wait until it has loaded its data'],
  ECONNREFUSED: ['check host and port of REDIS_URL, and that the server runs'],
  ENOTFOUND: ['check the host in REDIS_URL'],
  TIMEOUT: ['check that the process is not stopped or stuck, and that no firewall swallows packets'],
}

function fromEnvironment(environment: ServerOptions['environment']): {
  url: string
  password?: string | undefined
} {
  const { backend, decidedBy, problems } = resolveBackend(environment)
  if (backend?.backend === 'redis') return backend
  if (backend?.backend === 'upstash') {
    throw new EnvironmentError(
      'UPSTASH_NOT_YET',
      'The environment names Upstash, which this version cannot inspect yet.',
      ['set REDIS_URL to inspect a Redis server'],
    )
  }
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
