import ts from 'typescript'
import { processStoresIn, type ProcessStore } from '../../recognise/process-stores.js'
import { sharedBecause } from '../../recognise/shared-state.js'
import type { Place } from '../../recognise/outage-branches.js'
import { callsOf } from '../../recognise/stand-ins.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, isWithin } from '../../syntax.js'

/** A limit that is counted in the process when Redis is away, where an allow-all would say what it is. */
export function* localLimit(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const store of processStoresIn(file, context)) {
    if (sharedBecause(store, context) !== 'counts against a limit') continue
    const seen = new Set<ts.Node>()
    for (const { node, within } of placesOf(store, context)) {
      // What is done where it is not configured, and what is done when it fails, are two decisions.
      const decided = failedAt(node, within) ?? within
      if (seen.has(decided)) continue
      seen.add(decided)
      const remote = context.operations
        .within(within)
        .find(({ kind }) => kind === 'client' || kind === 'limiter')
      if (!remote) continue
      yield {
        node,
        message: `Without Redis the limit is counted in ${store.name}: each instance allows all of it once more, and forgets what Redis knew.`,
        remedy: 'Allow all (or deny, as declared) while Redis is away, and count that in a metric.',
        related: [{ node: remote.call, what: 'counted here otherwise' }],
      }
    }
  }
}

/** Where it is counted, or where a function that counts there is called: `return checkInMemory(key)`. */
function placesOf(store: ProcessStore, context: RuleContext): Place[] {
  return store.uses.flatMap(({ node, within }) =>
    within ? [{ node, within }, ...callsOf(within, store, context)] : [],
  )
}

function failedAt(node: ts.Node, within: ts.Node): ts.CatchClause | undefined {
  const failed = above(node, ts.isCatchClause)
  return failed && isWithin(failed, within) ? failed : undefined
}
