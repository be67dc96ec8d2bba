import ts from 'typescript'
import { specifierLoadedBy } from '../../load-calls.js'
import { asksForBackend } from '../../recognise/availability.js'
import type { RuleContext, Violation } from '../../rule.js'
import { all, symbolOf } from '../../syntax.js'
import { fallbackAt } from './choices.js'
import { isForTests } from './declared-choice.js'

const OF_MEMORY = /memory|in-?mem|(?:^|[/-])local/i
const OF_BACKEND = /redis|valkey|upstash/i

/** `url ? require('./redis-store') : require('./memory-store')`: the choice is one of modules. */
export function* loadedChoice(
  node: ts.IfStatement | ts.ConditionalExpression,
  context: RuleContext,
): Generator<Violation> {
  const [condition, ...arms] = ts.isIfStatement(node)
    ? [node.expression, node.thenStatement, node.elseStatement]
    : [node.condition, node.whenTrue, node.whenFalse]
  // To look for loads in the arms of every branch would take the time.
  if (!OF_BACKEND.test(condition.getText()) || !asksForBackend(condition, context.products)) return
  const loads = arms.flatMap((arm) => (arm ? [loadIn(arm)] : []))
  const memory = loads.find((each) => each && OF_MEMORY.test(each.module))
  const isOther = loads.some((each) => each && each !== memory && OF_BACKEND.test(each.module))
  if (memory && isOther && !isForTests(memory.call, node.parent))
    yield fallbackAt(memory.call, symbolOf(node) || 'This module')
}

function loadIn(arm: ts.Node): { call: ts.CallExpression; module: string } | undefined {
  for (const call of all(arm, ts.isCallExpression)) {
    const specifier = specifierLoadedBy(call)
    if (specifier) return { call, module: specifier.text }
  }
  return undefined
}
