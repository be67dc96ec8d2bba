import type ts from 'typescript'
import { settingsOf, type ClientSettings } from '../recognise/client-settings.js'
import { isRacedNearby, usageOf } from '../recognise/client-usage.js'
import { constructionsIn, type ClientFamily, type Construction } from '../recognise/clients.js'
import type { Rule, RuleContext, Violation } from '../rule.js'
import { addErrorListener } from '../fixes/add-error-listener.js'
import { unboundedIoredis } from './r11/unbounded-ioredis.js'
import { unboundedNodeRedis } from './r11/unbounded-node-redis.js'
import { unboundedUpstash } from './r11/unbounded-upstash.js'
import { unheardCallers } from './r11/unheard-callers.js'
import { unheardDuplicates } from './r11/unheard-duplicates.js'
import { unheardManaged } from './r11/unheard-managed.js'
import { unheardStores } from './r11/unheard-stores.js'

type Judge = (made: Construction, settings: ClientSettings, context: RuleContext) => Violation | undefined

const UNBOUNDED: Record<ClientFamily, Judge> = {
  ioredis: unboundedIoredis,
  'node-redis': unboundedNodeRedis,
  upstash: unboundedUpstash,
}

const WITHOUT_LISTENER: Record<ClientFamily, string | undefined> = {
  ioredis:
    'This connection has no error listener: in an outage ioredis prints every failed attempt to stderr, and neither log nor metric says that Redis is gone.',
  'node-redis':
    'This connection has no error listener: the first failed attempt to connect is an unhandled error event, which ends the process.',
  // REST: there is no connection to lose.
  upstash: undefined,
}

/** R11: a connection has an `error` listener, and every call on it ends in bounded time. */
export const clientHygiene: Rule = {
  id: 'R11',
  title: 'clients have an error listener and bounded waits',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    const seen = new Set<ts.Node>()
    for (const made of constructionsIn(file, context)) {
      const usage = usageOf(made, context)
      if (usage.feedsQueue) continue
      const unheard = usage.hasErrorListener ? undefined : WITHOUT_LISTENER[made.family]
      if (unheard !== undefined) yield unheardAt(made, unheard)
      if (usage.subscribes || isRacedNearby(file, context)) continue
      const settings = settingsOf(made.node.arguments ?? [], context)
      const violation = UNBOUNDED[made.family](made, settings, context)
      // Several connections may share the options that are at fault.
      if (!violation || seen.has(violation.node)) continue
      seen.add(violation.node)
      yield violation
    }
    for (const made of unheardCallers(file, context)) {
      const unheard = WITHOUT_LISTENER[made.family]
      if (unheard !== undefined) yield unheardAt(made, unheard)
    }
    yield* unheardDuplicates(file, context)
    yield* unheardStores(file, context)
    yield* unheardManaged(file, context)
  },
}

function unheardAt(made: Construction, message: string): Violation {
  const fix = addErrorListener(made)
  return { node: made.node, message, remedy: LISTEN, ...(fix && { fix }) }
}

const LISTEN =
  "Attach one where the connection is made, `client.on('error', …)`, that counts and logs the first failure."
