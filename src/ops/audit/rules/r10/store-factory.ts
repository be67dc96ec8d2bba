import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { nameGivenTo } from '../../recognise/containers.js'
import { storeOptionOf } from '../../recognise/packages.js'
import type { RuleContext, Violation } from '../../rule.js'
import { above, nameNode, symbolOf, type FunctionNode } from '../../syntax.js'
import { isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

/** A factory of the store of a limiter or of sessions that gives out none: whoever is given nothing counts for itself. */
export function* storeFactory(node: FunctionNode, context: RuleContext): Generator<Violation> {
  const made = context.products.ofFunction(node)
  if (!made.some(({ kind }) => kind === 'store')) return
  const nothing = made.find(({ kind }) => kind === 'null')
  if (!nothing || isForTests(nothing.node, node) || !isGivenToMiddleware(node, context)) return
  yield {
    node: nothing.node === node.body ? nameNode(node) : nothing.node,
    message: `${symbolOf(node) || nameGivenTo(node) || 'This factory'} gives out no store when Redis is not there: each middleware that gets it counts in the memory of its process, and a limit is n times what it says.`,
    remedy: REMEDY,
  }
}

/** `rateLimit({ store: createStore() })`: it is a value of the option that names the store. */
function isGivenToMiddleware(node: FunctionNode, { project, references }: RuleContext): boolean {
  const named = (node.name ? node : node.parent) as ts.NamedDeclaration
  return references.to(named).some((use) => {
    const property = above(use, ts.isPropertyAssignment)
    const call = property && above(property, ts.isCallExpression)
    const binding = call && bindingOf(call.expression, project)
    return binding !== undefined && storeOptionOf(binding.package, binding.name) === property?.name.getText()
  })
}
