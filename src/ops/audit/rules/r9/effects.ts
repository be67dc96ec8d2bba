import ts from 'typescript'
import { callbackOf } from '../../recognise/callbacks.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'
import type { Result } from './settled.js'

// Under the names of its third and its fourth major.
const RECOVERS =
  /^Effect\.(?:catch|catchAll|catchCause|catchAllCause|catchSome|catchTags?|orElse|orElseSucceed|ignore)$/
const TELLS = /\.(?:tapError\w*|tapBoth|tapDefect|ignoreLogged|withSpan|mapError|log\w*|fail\w*|die\w*)\b/

/** `effect.pipe(Effect.catchAll(() => Effect.succeed(null)))`: the handlers of the library Effect. */
export function effectsIn(file: ts.SourceFile, context: RuleContext): Result[] {
  return all(file, ts.isCallExpression).flatMap((call): Result[] => {
    const { expression: callee, arguments: args } = call
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe') return []
    const index = args.findIndex((each) => RECOVERS.test(recovererOf(each)))
    const recoverer = args[index]
    if (!recoverer) return []
    const [operation] = context.handling.guardedBy({
      node: recoverer,
      kind: 'rejection',
      guarded: callee.expression,
      body: undefined,
      error: undefined,
    })
    if (!operation) return []
    const isTold =
      args.slice(0, index).some((each) => TELLS.test(each.getText())) || isTelling(recoverer, context)
    return [{ node: recoverer, operation, isTold }]
  })
}

function recovererOf(node: ts.Expression): string {
  return (ts.isCallExpression(node) ? node.expression : node).getText()
}

function isTelling(recoverer: ts.Expression, { project }: RuleContext): boolean {
  if (!ts.isCallExpression(recoverer)) return false
  const callback = recoverer.arguments.find((each) => lastName(bare(each)) !== '' || ts.isArrowFunction(each))
  if (!callback) return TELLS.test(recoverer.getText())
  const { body, error } = callbackOf(callback, project)
  return body === undefined || TELLS.test(body.getText()) || tells(body, project, error)
}
