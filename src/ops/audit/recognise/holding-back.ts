import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, bare, isWithin, symbolOf } from '../syntax.js'
import { isOrdering } from './counting.js'
import { identifierIn } from './identifiers.js'
import { isEntry, scopesOf, wordsAround, type ProcessStore } from './process-stores.js'
import { writes } from './store-uses.js'

const CLOCK = /\bnow\w*\b|Date\.now|performance\.now/i
const MOMENT = /^(?:now\w*|Date\.now\(\)|timestamp)(?:\s*\+\s*.+)?$/i
const REFUSES =
  /cool_?down|throttl|block(?!chain)|\bban|banned|penalt|rate_?limit|too_?many|\b429\b|wait|slow_?down/i
// When a copy is old, and when somebody was last told: each instance is right to know that for itself.
const OWN_VIEW = /cache|ttl|stale|refresh|poll|fetched|alert|warn|notif|log|heartbeat|presence|metric/i

/** Remembers of each caller until when, or since when, and turns away whoever comes too soon: `if (now < blocked.get(ip)) return deny()`. */
export function holdsBack(store: ProcessStore, context: RuleContext): boolean {
  const writing = store.uses.filter(writes)
  const isOfCallers = writing.some(({ args }) => args[0] && identifierIn(args[0], context) !== undefined)
  if (!isOfCallers || OWN_VIEW.test(store.name)) return false
  if (!writing.every(({ args }) => args[1] !== undefined && MOMENT.test(bare(args[1]).getText())))
    return false
  return scopesOf(store).some((scope) =>
    all(scope, isOrdering).some(
      (each) =>
        CLOCK.test(each.getText()) &&
        isEntry(each, store, context) &&
        !OWN_VIEW.test(symbolOf(each)) &&
        turnsAway(each, store),
    ),
  )
}

/** The branch leaves, and what stands there or around it says why. */
function turnsAway(compared: ts.BinaryExpression, store: ProcessStore): boolean {
  const branch = above(compared, ts.isIfStatement)
  if (!branch || !isWithin(compared, branch.expression)) return false
  const then = branch.thenStatement
  const leaves = all(then, ts.isReturnStatement).length > 0 || all(then, ts.isThrowStatement).length > 0
  return leaves && REFUSES.test(`${wordsAround(store)} ${branch.expression.getText()} ${then.getText()}`)
}
