import ts from 'typescript'
import { errorValueOf, type ErrorValue } from '../../recognise/handling/error-values.js'
import { fails, refuses } from '../../recognise/limiter-answers.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, all, bare, isFunction, isNull, lastName } from '../../syntax.js'
import { answerToOutage } from './answer-to-outage.js'
import { DECLARED, isOwnAffair, LIMITS, REMEDY, TAKEN_FOR_LIMIT } from './closed-by-accident.js'

// What ends a request without doing what it came for.
const ENDS = /^(?:redirect|json|send|status|render|error|next|reply|fail|abort|Response|NextResponse)$/i

/** `const [error] = await to(limiter.consume(ip)); if (error) return tooMany()`: whatever went wrong is taken for a limit. */
export function* closedByValue(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const declaration of all(file, ts.isVariableDeclaration)) {
    const value = errorValueOf(declaration, context)
    if (!value || value.error === 'left out' || !isLimiting(value)) continue
    const { error } = value
    for (const branch of branchesOn(error, declaration)) {
      const { node } = answerToOutage(branch.thenStatement, error, (answer) =>
        refuses(answer, undefined) ? 'refuses' : fails(answer) || ends(answer) ? 'fails' : undefined,
      )
      const said = `${declaration.parent.parent.getFullText()}${branch.getFullText()}`
      if (!node || DECLARED.test(said) || isOwnAffair(declaration, value.operations, context)) continue
      yield { node, message: TAKEN_FOR_LIMIT, remedy: REMEDY }
    }
  }
}

function isLimiting({ call, operations }: ErrorValue): boolean {
  return operations.some(({ kind }) => kind === 'limiter') || LIMITS.test(call.getText())
}

/** `if (error)`, `if (error !== null)` in the same function. */
function branchesOn(error: ts.Identifier, declaration: ts.Node): ts.IfStatement[] {
  const scope = above(declaration, isFunction) ?? declaration.getSourceFile()
  return all(scope, ts.isIfStatement).filter(({ expression }) => {
    if (expression.pos < declaration.end) return false
    const asked = bare(expression)
    if (!ts.isBinaryExpression(asked)) return asked.getText() === error.text
    return (
      /^!==?$/.test(asked.operatorToken.getText()) &&
      asked.left.getText() === error.text &&
      isNull(bare(asked.right))
    )
  })
}

/** `return redirect('/login')`, `return reply.status(400).send(…)`. */
function ends(answer: ts.Expression): boolean {
  const isAnswer = ts.isReturnStatement(answer.parent) || ts.isThrowStatement(answer.parent)
  const node = bare(answer)
  if (!isAnswer || (!ts.isCallExpression(node) && !ts.isNewExpression(node))) return false
  return ENDS.test(lastName(node.expression))
}
