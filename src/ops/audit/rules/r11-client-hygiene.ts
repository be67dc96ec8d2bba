import ts from 'typescript'
import { settingsOf, type ClientSettings } from '../recognise/client-settings.js'
import { constructionsIn, isRacedNearby, usageOf, type Construction } from '../recognise/clients.js'
import type { Rule, Violation } from '../rule.js'
import { isNull } from '../syntax.js'

/** R11: a connection has an `error` listener, and every call on it ends in bounded time. */
export const clientHygiene: Rule = {
  id: 'R11',
  title: 'clients have an error listener and bounded waits',
  severity: 'error',
  *check(file, context) {
    const seen = new Set<ts.Node>()
    for (const made of constructionsIn(file, context)) {
      const usage = usageOf(made, context)
      if (usage.feedsQueue) continue
      if (!usage.hasErrorListener) yield withoutListener(made)
      if (isRacedNearby(file, context)) continue
      const settings = settingsOf(made.node.arguments ?? [], context)
      const violation =
        made.family === 'ioredis' ? unboundedIoredis(made, settings) : unboundedNodeRedis(made, settings)
      // Several connections may share the options that are at fault.
      if (!violation || seen.has(violation.node)) continue
      seen.add(violation.node)
      yield violation
    }
  },
}

function withoutListener({ node, family }: Construction): Violation {
  return {
    node,
    message:
      family === 'ioredis'
        ? 'This connection has no error listener: in an outage ioredis prints every failed attempt to stderr, and neither log nor metric says that Redis is gone.'
        : 'This connection has no error listener: the first failed attempt to connect is an unhandled error event, which ends the process.',
    remedy:
      "Attach one where the connection is made, `client.on('error', …)`, that counts and logs the first failure.",
  }
}

function unboundedIoredis({ node }: Construction, { values, isOpen }: ClientSettings): Violation | undefined {
  const isSet = (name: string) => values.has(name)
  const isOff = (name: string) => values.get(name)?.kind === ts.SyntaxKind.FalseKeyword
  if (isSet('commandTimeout') || isOff('enableOfflineQueue')) return undefined
  const retries = values.get('maxRetriesPerRequest')
  const remedy =
    'Set `commandTimeout` (100 ms is much for a cache), `maxRetriesPerRequest: 0` and `enableOfflineQueue: false`; give a job queue a connection of its own.'
  if (retries && isNull(retries)) {
    return {
      node: retries.parent,
      message:
        'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.',
      remedy,
      related: [{ node, what: 'the connection' }],
    }
  }
  // What is passed in may bound it, and a retryStrategy of one's own may give up.
  if (retries || isOpen || isSet('retryStrategy')) return undefined
  return {
    node,
    message: `Worst-case time to fallback: ${IOREDIS_DEFAULT_SECONDS}, for every single command, because 20 attempts to connect come first; never while Redis accepts and does not answer.`,
    remedy,
  }
}

// 20 delays: ioredis 5 waits min(50 t, 2000) ms; ioredis 6 min(50 · 2^(t-1), 5000) ms and up to 199 ms more
// (reference/ops.md §0.1, measured 10.7 s and 73.7 s).
const IOREDIS_DEFAULT_SECONDS = '10.5 s on ioredis 5, 71 to 75 s on ioredis 6'

function unboundedNodeRedis(
  { node }: Construction,
  { values, isOpen }: ClientSettings,
): Violation | undefined {
  const isBounded =
    values.get('disableOfflineQueue')?.kind === ts.SyntaxKind.TrueKeyword ||
    ['reconnectStrategy', 'socketTimeout', 'commandOptions', 'commandsQueueMaxLength'].some((name) =>
      values.has(name),
    )
  if (isBounded || isOpen) return undefined
  return {
    node,
    message:
      'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.',
    remedy:
      'Set `disableOfflineQueue: true` and `socket: { connectTimeout, socketTimeout }`, and put a deadline around each call.',
  }
}
