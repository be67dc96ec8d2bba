import ts from 'typescript'
import type { Project } from '../../project/project.js'
import type { References } from '../../project/references.js'
import { above, all, bare, isFunction, lastName, type FunctionNode } from '../../syntax.js'
import { callAt } from '../callees.js'
import type { Operation, Operations } from '../operations.js'
import { failureReaches } from './failure-reach.js'

type Escaping = (node: FunctionNode) => readonly Operation[]

/** Operations whose failure ends in a function that runs what it is given: a helper, or a decorator. */
export class Helpers {
  readonly #project: Project
  readonly #references: References
  readonly #operations: Operations
  readonly #escapingFrom: Escaping

  constructor(
    of: { project: Project; references: References; operations: Operations },
    escapingFrom: Escaping,
  ) {
    this.#project = of.project
    this.#references = of.references
    this.#operations = of.operations
    this.#escapingFrom = escapingFrom
  }

  /** Those that are run by what a handler guards. */
  givenTo(guarded: ts.Node): readonly Operation[] {
    return [...this.#closuresFor(guarded), ...this.#decorated(guarded)]
  }

  /** A helper that is given the operation, as a closure or a promise: `safely(() => redis.get(key))`. */
  #closuresFor(guarded: ts.Node): Operation[] {
    const helper = above(guarded, isFunction)
    if (!helper || helper.parameters.length === 0) return []
    const given = helper.parameters.flatMap((parameter, index) => {
      const isUsed = all(guarded, ts.isIdentifier).some(
        (name) =>
          name.text === parameter.name.getText() &&
          runs(name) &&
          this.#project.declarationOf(name) === parameter,
      )
      return isUsed ? [index] : []
    })
    if (given.length === 0) return []
    return this.#callsOf(helper).flatMap((call) =>
      given.flatMap((index) => {
        const argument = call.arguments[index]
        return argument
          ? this.#operations.within(argument).filter((each) => isPassed(each, argument, this.#project))
          : []
      }),
    )
  }

  #callsOf(node: FunctionNode): ts.CallExpression[] {
    const named = (node.name ? node : node.parent) as ts.NamedDeclaration
    return this.#references.to(named).map(callAt).filter(ts.isCallExpression)
  }

  /** `const original = descriptor.value` within a decorator: what is called are the methods that carry it. */
  #decorated(guarded: ts.Node): Operation[] {
    const isOriginal = all(guarded, ts.isIdentifier).some((name) => {
      const declaration = this.#project.declarationOf(name)
      const isLocal = declaration !== undefined && ts.isVariableDeclaration(declaration)
      return (
        isLocal &&
        declaration.initializer !== undefined &&
        /^\w+\.value\b/.test(declaration.initializer.getText())
      )
    })
    let decorator: FunctionNode | undefined
    for (let each = above(guarded, isFunction); isOriginal && each; each = above(each, isFunction))
      decorator = each
    if (!decorator) return []
    const named = (decorator.name ? decorator : decorator.parent) as ts.NamedDeclaration
    return this.#references.to(named).flatMap((use) => {
      const method = above(use, ts.isDecorator)?.parent
      return method && isFunction(method) ? this.#escapingFrom(method) : []
    })
  }
}

/** Whether a parameter is run or waited for where it stands: `fn()`, `fn.call(this)`, `await promise`, `promise.then(…)`. */
function runs(name: ts.Identifier): boolean {
  const { parent } = name
  if (ts.isCallExpression(parent)) return parent.expression === name || lastName(parent.expression) === 'race'
  if (ts.isArrayLiteralExpression(parent)) return true
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === name && /^(?:call|apply|then|catch|finally)$/.test(parent.name.text)
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || !ts.isExpression(parent)
}

/** The helper sees the failure: the operation is in a closure, or its promise is not awaited before. */
function isPassed({ call }: Operation, argument: ts.Expression, project: Project): boolean {
  if (isFunction(argument)) return failureReaches(call, argument.body, project)
  return bare(argument) === call && !ts.isAwaitExpression(argument)
}
