import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import type { RuleContext, Violation } from '../../rule.js'
import { bare } from '../../syntax.js'
import { isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

/** `ratelimit({ driver: 'memory', db: new Map() })`: written into the code, it is no setting that somebody chose. */
export function* memoryDriver(call: ts.CallExpression, { project }: RuleContext): Generator<Violation> {
  const [given] = call.arguments
  const options = given && bare(given)
  if (!options || !ts.isObjectLiteralExpression(options)) return
  const driver = options.properties.find((each) => each.name?.getText() === 'driver')
  const value = driver && ts.isPropertyAssignment(driver) ? bare(driver.initializer) : undefined
  if (!value || !ts.isStringLiteralLike(value) || value.text !== 'memory') return
  if (bindingOf(call.expression, project)?.package !== 'koa-ratelimit') return
  if (isForTests(call, call.getSourceFile())) return
  yield {
    node: call,
    message:
      'This limiter counts in the memory of this process: with n instances the limit is n times what it says, and a restart forgets it.',
    remedy: `Give it the driver 'redis' and a client as \`db\`. ${REMEDY}`,
  }
}
