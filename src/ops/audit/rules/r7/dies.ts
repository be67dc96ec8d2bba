import ts from 'typescript'
import type { RuleContext, Violation } from '../../rule.js'
import { all } from '../../syntax.js'

const RECOVERS = /^Effect\.(?:catch\w*|orElse\w*|ignore\w*|option|either|result|exit|match\w*)$/

/** `Effect.tryPromise(…).pipe(Effect.orDie)`: what was caught becomes a defect, which nobody expects. */
export function* dies(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  if (!file.text.includes('Effect.orDie')) return
  for (const call of all(file, ts.isCallExpression)) {
    const { expression: callee, arguments: steps } = call
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe') continue
    const at = steps.findIndex((step) => step.getText() === 'Effect.orDie')
    const death = steps[at]
    if (!death || steps.slice(0, at).some((step) => RECOVERS.test(calleeText(step)))) continue
    const [operation] = context.handling.guardedBy({
      node: death,
      kind: 'rejection',
      guarded: callee.expression,
      body: undefined,
      error: undefined,
    })
    if (!operation || context.roles.ofOperation(operation).role === 'exempt') continue
    yield {
      node: death,
      message:
        'A failed call of Redis becomes a defect here, which no caller handles: in an outage the request dies with it, where a miss would have done.',
      remedy: 'Recover instead, `Effect.catchAll(…)` with a log and the answer of a miss.',
      related: [{ node: operation.call, what: 'fails here' }],
    }
  }
}

function calleeText(step: ts.Expression): string {
  return (ts.isCallExpression(step) ? step.expression : step).getText()
}
