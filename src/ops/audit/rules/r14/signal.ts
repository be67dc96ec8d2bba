import ts from 'typescript'
import type { RuleContext, Violation } from '../../rule.js'
import { bare, functionAt, nameOf } from '../../syntax.js'

/** A signal itself, where a function that makes one for each request belongs. */
export function sharedSignal(signal: ts.Expression, context: RuleContext): [Violation] | undefined {
  if (!isSignal(signal, context, 0)) return undefined
  const fix = fixFor(signal)
  return [
    {
      node: signal.parent,
      message:
        'This one signal is for all requests of the client: once it has fired, every request ends at once with a TypeError, or without auto-pipelining with null, as if Redis had said that there is nothing.',
      remedy: 'Give a function, which makes one for each request: `signal: () => AbortSignal.timeout(300)`.',
      ...(fix && { fix }),
    },
  ]
}

function isSignal(node: ts.Expression, context: RuleContext, depth: number): boolean {
  const value = bare(node)
  if (depth > 4 || ts.isFunctionLike(value)) return false
  const follow = (each: ts.Expression | undefined) => each !== undefined && isSignal(each, context, depth + 1)
  if (ts.isConditionalExpression(value)) return follow(value.whenTrue) || follow(value.whenFalse)
  if (ts.isBinaryExpression(value)) return follow(value.left) || follow(value.right)
  if (ts.isCallExpression(value)) {
    if (/^AbortSignal\.(?:timeout|any|abort)$/.test(value.expression.getText())) return true
    const declaration = context.project.declarationOf(nameOf(value.expression))
    const callee = declaration && functionAt(declaration)
    return callee !== undefined && context.products.returnsOf(callee).some((each) => follow(each.value))
  }
  const declaration = context.project.declarationOf(nameOf(value))
  if (ts.isPropertyAccessExpression(value) && value.name.text === 'signal') {
    // Of a controller or request; of an object with options it may be a function.
    const holder = context.project.declarationOf(nameOf(value.expression))
    return isControllerLike(value.expression, holder)
  }
  if (!declaration) return false
  if ((ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)) && declaration.type)
    return declaration.type.getText() === 'AbortSignal'
  return ts.isVariableDeclaration(declaration) && follow(declaration.initializer)
}

function isControllerLike(holder: ts.Expression, declaration: ts.Declaration | undefined): boolean {
  if (/^new AbortController\b/.test(bare(holder).getText())) return true
  if (declaration === undefined) return false
  const isTyped =
    ts.isParameter(declaration) ||
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyDeclaration(declaration)
  if (!isTyped) return false
  const type = declaration.type?.getText() ?? ''
  const made = declaration.initializer ? bare(declaration.initializer).getText() : ''
  return (
    /^(?:AbortController|(?:Next)?Request)$/.test(type) || /^new (?:AbortController|Request)\b/.test(made)
  )
}

/** Only where the signal is made in place: what is made once elsewhere may be meant to end everything. */
function fixFor(signal: ts.Expression): Violation['fix'] {
  const isInPlace = ts.isCallExpression(signal) && signal.expression.getText() === 'AbortSignal.timeout'
  if (!isInPlace) return undefined
  const start = signal.getStart()
  return {
    title: 'make a signal for each request',
    edits: [{ file: signal.getSourceFile(), start, end: start, text: '() => ' }],
  }
}
