import ts from 'typescript'
import { above, all, bare, isWithin } from '../syntax.js'
import { isOrdering } from './counting.js'
import { wordsAbout } from './credentials.js'
import { isHandle, scopesOf, wordsAround, type ProcessStore } from './process-stores.js'
import { writes, type StoreUse } from './store-uses.js'

const DONE = /dedup|duplicate|idempot|cooldown|processed(?:ids|events|messages|webhooks)|replay(?:ed|guard)/i

/** Holds nothing but when something was last done, and keeps it from being done twice. */
export function remembersDoing(store: ProcessStore): boolean {
  if (/idempoten/i.test(wordsAbout(store))) return true
  const writing = store.uses.filter(writes)
  if (writing.length === 0 || writing.some(({ args }) => args[1] !== undefined && isHandle(args[1])))
    return false
  if (isLock(store)) return true
  const onlyTimes = writing.every(
    ({ method, args }) => method === 'add' || (args[1] !== undefined && isMoment(args[1])),
  )
  if (!onlyTimes) return false
  if (keepsFromTwice(store)) return true
  return scopesOf(store).some((scope) => {
    // One that gives up when full suppresses work of this process; it does not promise that others did it.
    const isBounded = all(scope, isOrdering).some(
      ({ left, right }) => left.getText().endsWith('.size') || right.getText().endsWith('.size'),
    )
    return !isBounded && DONE.test([wordsAround(store), ...namesIn(scope)].join(' '))
  })
}

/** Names of constants and variables; comments and texts do not count. */
function namesIn(scope: ts.Node): string[] {
  return all(scope, ts.isIdentifier).map((each) => each.text)
}

function isMoment(node: ts.Expression): boolean {
  return /^(?:now\w*|Date\.now\(\)(?: \+ [\w.*+ ]+)?|new Date\(\)|true|timestamp)$/i.test(
    bare(node).getText(),
  )
}

/** `locks.set(orderId, owner)` in one function, and taken out by another: nobody else is kept away. */
function isLock({ name, uses }: ProcessStore): boolean {
  if (!/(?:^|[a-z\d_])locks?(?:Map|Set|Store)?$/i.test(name) || /block|clock|unlock/i.test(name)) return false
  const writers = new Set(uses.filter(writes).map(({ within }) => within))
  return uses.some(({ method, within }) => method === 'delete' && !writers.has(within))
}

const PAST =
  /(?:processed|handled|seen|sent|executed|consumed|used|claimed|delivered|notified|completed|fulfilled|paid|already)(?:[A-Z_]\w*)?$/
const OF_WORK =
  /event|message|webhook|payment|order|update|notif|invoice|transaction|txn?\b|deliver|mail|remind|request|payload|signature|token|code|nonce|coupon|charge|refund|command|task/i

/** `if (handledPayments.has(id)) return` before `handledPayments.add(id)`, and nothing takes it back when the work is done. */
function keepsFromTwice(store: ProcessStore): boolean {
  const { name, uses } = store
  if (!PAST.test(name) || !OF_WORK.test(name)) return false
  return uses
    .filter(writes)
    .some(
      ({ within }) =>
        within !== undefined && uses.some((use) => isGuard(use, within)) && !isReleasedIn(store, within),
    )
}

function isGuard({ node, method, within }: StoreUse, writer: ts.Node): boolean {
  const branch =
    /^(?:has|get|includes|\[\])$/.test(method) && within === writer
      ? above(node, ts.isIfStatement)
      : undefined
  if (!branch || !isWithin(node, branch.expression)) return false
  return (
    all(branch.thenStatement, ts.isReturnStatement).length > 0 ||
    all(branch.thenStatement, ts.isContinueStatement).length > 0
  )
}

function isReleasedIn({ uses }: ProcessStore, within: ts.Node): boolean {
  return uses.some(({ node, method }) => {
    const attempt = method === 'delete' && isWithin(node, within) ? above(node, ts.isTryStatement) : undefined
    return attempt?.finallyBlock !== undefined && isWithin(node, attempt.finallyBlock)
  })
}
