import ts from 'typescript'
import { bare, inPlaceOf, isNull, own } from '../syntax.js'

const REFUSES =
  /unauthori[sz]ed|unauthenticated|forbidden|revoked|logged.?out|(?:invalid|expired).{0,3}(?:token|login|session|credential)|(?:token|login|session).{0,12}(?:invalid|expired)|conflict|duplicate|already|\b40[139]\b/i
// What limits may be open in an outage; what says that nothing is there is a copy as well.
const OTHERWISE =
  /limit|throttl|cool.?down|attempt|rate|too.?many|\b429\b|\bban|banned|block(?!list)|not.?found|missing|negative|\block/i

/**
 * `if (await redis.get(key)) throw new Unauthorized()`: what is there takes a right away, or has been done before. No copy
 * of anything is refused for being there.
 */
export function refusesHit(call: ts.CallExpression): boolean {
  if (OTHERWISE.test(call.arguments.map((each) => each.getText()).join(' '))) return false
  const asking = askedWhether(call)
  if (asking === undefined || OTHERWISE.test(asking.getText())) return false
  const last = ts.isBlock(asking) ? own(asking, ts.isThrowStatement).at(-1) : asking
  return last !== undefined && ts.isThrowStatement(last) && REFUSES.test(last.getText())
}

/** The branch for a hit: of the call itself, or of the variable that gets its answer. */
function askedWhether(call: ts.CallExpression): ts.Statement | undefined {
  const each = inPlaceOf(call)
  const { parent } = each
  if (ts.isIfStatement(parent) && parent.expression === each) return parent.thenStatement
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined
  const name = parent.name.text
  const block = parent.parent.parent.parent
  if (!ts.isBlock(block)) return undefined
  const next = block.statements.find((each) => each.pos >= parent.end && ts.isIfStatement(each))
  return next && ts.isIfStatement(next) && saysThere(next.expression, name) ? next.thenStatement : undefined
}

/** `revoked`, `seen !== null`, `exists === 1`. */
function saysThere(condition: ts.Expression, name: string): boolean {
  const asked = bare(condition)
  if (ts.isIdentifier(asked)) return asked.text === name
  if (!ts.isBinaryExpression(asked) || asked.left.getText() !== name) return false
  const operator = asked.operatorToken.getText()
  if (/^!==?$/.test(operator)) return isNull(asked.right) || asked.right.getText() === 'undefined'
  return /^(?:===?|>)$/.test(operator) && /^(?:0|1|['"](?:1|true|revoked)['"])$/.test(asked.right.getText())
}
