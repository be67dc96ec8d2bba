import ts from 'typescript'
import { usageOf } from '../../recognise/client-usage.js'
import { constructionsIn } from '../../recognise/clients.js'
import { settingsOf } from '../../recognise/client-settings.js'
import { assignmentsTo, isMadeAgain } from '../../recognise/revival.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, bare, functionAt, isFunction, isNull, nameNode, own } from '../../syntax.js'

/** A client that stops connecting: after a longer outage it never comes back by itself. */
export function* givingUp(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  const seen = new Set<ts.Node>()
  for (const made of constructionsIn(file, context)) {
    const { values } = settingsOf(made.node.arguments ?? [], context)
    const strategy =
      values.get('retryStrategy') ?? values.get('reconnectStrategy') ?? values.get('clusterRetryStrategy')
    const end = strategy && endOf(functionOf(bare(strategy), context))
    if (!end || seen.has(end) || usageOf(made, context).feedsQueue) continue
    seen.add(end)
    if (made.holder && isMadeAgain(made.holder, context) && isPutAside(made.holder, context)) continue
    const isHere = end.getSourceFile() === file
    yield {
      node: isHere ? end : made.node,
      message:
        'This connection gives up for ever after some attempts: an outage that lasts longer than these leaves the service without Redis until it is restarted.',
      remedy:
        'Return a capped delay always, `Math.min(times * 50, 2000)`; what bounds a call is its deadline, not the end of the connection.',
      ...(!isHere && { related: [{ node: end, what: 'gives up here' }] }),
    }
  }
}

/** The strategy itself, where it is a method or is declared elsewhere. */
function functionOf(strategy: ts.Expression, { project }: RuleContext): ts.Node {
  if (ts.isMethodDeclaration(strategy.parent)) return strategy.parent
  const declaration =
    ts.isIdentifier(strategy) && !isNull(strategy) ? project.declarationOf(strategy) : undefined
  return (declaration && functionAt(declaration)) ?? strategy
}

/** Where the strategy answers something other than a delay. */
function endOf(strategy: ts.Node): ts.Node | undefined {
  if (strategy.kind === ts.SyntaxKind.FalseKeyword || isNull(strategy as ts.Expression)) return strategy
  if (!isFunction(strategy)) return undefined
  if (!ts.isBlock(strategy.body)) return armsOf(strategy.body as ts.Expression).find(isEnd)
  for (const statement of own(strategy.body, ts.isReturnStatement)) {
    const end = statement.expression ? armsOf(statement.expression).find(isEnd) : statement
    if (end) return end
  }
  return undefined
}

function armsOf(value: ts.Expression): ts.Expression[] {
  const node = bare(value)
  return ts.isConditionalExpression(node) ? [...armsOf(node.whenTrue), ...armsOf(node.whenFalse)] : [node]
}

function isEnd(value: ts.Expression): boolean {
  return (
    isNull(value) ||
    value.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isNewExpression(value) && value.expression.getText().endsWith('Error'))
  )
}

/** When it has failed, and not only when the service ends. */
function isPutAside(holder: ts.Declaration, context: RuleContext): boolean {
  return assignmentsTo(holder, context).some(
    (each) => isNull(bare(each.right)) && context.roles.of(each).exemption !== 'a shutdown' && !endsIt(each),
  )
}

/** `disconnectRedis`, `closeClient`: those who are called when it is over. */
function endsIt(node: ts.Node): boolean {
  const within = above(node, isFunction)
  return within !== undefined && /^(?:disconnect|close|quit|stop|end|reset)/i.test(nameNode(within).getText())
}
