import type { RestCommand } from './rest-request.js'

/** Commands that the endpoint does not pass on, by the feature that is missing. All requests share one connection. */
const FEATURES: Record<string, string> = {
  'publish/subscribe streams':
    'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR',
  'commands that wait': 'BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF',
  'transactions outside /multi-exec': 'MULTI EXEC DISCARD WATCH UNWATCH',
  'state of a connection': 'AUTH HELLO SELECT QUIT RESET CLIENT ASKING READONLY READWRITE',
  'administration of the server':
    'CONFIG SHUTDOWN REPLICAOF SLAVEOF FAILOVER SAVE BGSAVE BGREWRITEAOF DEBUG ACL MODULE CLUSTER SYNC PSYNC ' +
    'REPLCONF MIGRATE SWAPDB LATENCY SLOWLOG',
}

const featureOf = new Map(
  Object.entries(FEATURES).flatMap(([feature, names]) => names.split(' ').map((name) => [name, feature])),
)

/** The feature that a command needs and the endpoint lacks; null when it can be passed on. */
export function unsupportedFeature([name, ...args]: RestCommand): string | null {
  const upper = name.toUpperCase()
  // JSON.SET and the like: no ordinary Redis has them.
  if (upper.includes('.')) return 'commands of modules'
  if ((upper === 'XREAD' || upper === 'XREADGROUP') && hasBlock(args)) return 'commands that wait'
  if (upper === 'SCRIPT' && String(args[0]).toUpperCase() === 'DEBUG') return 'state of a connection'
  return featureOf.get(upper) ?? null
}

/** BLOCK is an option; what follows STREAMS are names. */
function hasBlock(args: readonly (string | Buffer)[]): boolean {
  const words = args.map((word) => String(word).toUpperCase())
  const streams = words.indexOf('STREAMS')
  return words.slice(0, streams === -1 ? undefined : streams).includes('BLOCK')
}
