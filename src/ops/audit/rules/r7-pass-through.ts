import ts from 'typescript'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { all, bare, symbolOf } from '../syntax.js'
import { missingPassThrough } from './r7/missing-pass-through.js'
import { closedByAccident } from './r7/closed-by-accident.js'
import { closedByValue } from './r7/closed-by-value.js'
import { dies } from './r7/dies.js'
import { emptyClient } from './r7/empty-client.js'
import { givingUp } from './r7/giving-up.js'
import { localLimit } from './r7/local-limit.js'
import { notPassedOn } from './r7/not-passed-on.js'
import { switchedOff } from './r7/switched-off.js'

/** R7: a pass-through or an allow-all limiter stands in while Redis is away, by design and not for ever. */
export const passThrough: Rule = {
  id: 'R7',
  title: 'a pass-through or allow-all stands in during an outage',
  severity: 'error',
  confidence: 'medium',
  *check(file, context) {
    yield* missingPassThrough(file, context)
    yield* closedByAccident(file, context)
    yield* closedByValue(file, context)
    yield* dies(file, context)
    yield* switchedOff(file, context)
    yield* givingUp(file, context)
    yield* notPassedOn(file, context)
    yield* localLimit(file, context)
    yield* emptyClient(file, context)
    yield* standIns(file, context)
  },
}

/** What the checklist asks for, where it is. */
function* standIns(file: ts.SourceFile, { kinds, products }: RuleContext): Iterable<Judgement> {
  for (const node of all(file, ts.isClassDeclaration)) {
    if (kinds.of(node) !== 'pass-through') continue
    yield { node, site: 'conforms', what: `${symbolOf(node)} answers like a backend that is not there` }
  }
  for (const node of all(file, ts.isBinaryExpression)) {
    const { kind } = node.operatorToken
    if (kind !== ts.SyntaxKind.QuestionQuestionToken && kind !== ts.SyntaxKind.BarBarToken) continue
    const right = bare(node.right)
    if (!ts.isCallExpression(right) && !ts.isNewExpression(right)) continue
    if (!products.of(right).some((each) => each.kind === 'pass-through')) continue
    yield { node, site: 'conforms', what: 'a pass-through stands in where there is no client' }
  }
}
