import ts from 'typescript'
import { all, isAssignment, isFunction, lastName } from '../syntax.js'
import { MUTATES, NAMES_BACKEND } from './shape.js'

const COLLECTION = /\b(?:Map|Set|Record|Array|LRU\w*)\b/

/**
 * State that outlives a call: a collection that methods change, or a field that they assign. What the constructor is
 * given is another's, unless it is a collection.
 */
export function keepsState(node: ts.ClassLikeDeclaration): boolean {
  const bodies = node.members.filter((member) => !ts.isConstructorDeclaration(member) && isFunction(member))
  const given = new Set(givenFields(node))
  const isOwn = (target: ts.Expression) => {
    const field = /^this\.(#?\w+)/.exec(target.getText())?.[1]
    return field !== undefined && !given.has(field) && !NAMES_BACKEND.test(lastName(target))
  }
  return bodies.some((body) => {
    const assigned = all(body, isAssignment).some(({ left }) => isOwn(left))
    const mutated = all(body, ts.isCallExpression).some(
      ({ expression }) =>
        ts.isPropertyAccessExpression(expression) &&
        MUTATES.test(expression.name.text) &&
        isOwn(expression.expression),
    )
    return assigned || mutated
  })
}

function givenFields(node: ts.ClassLikeDeclaration): string[] {
  return node.members.filter(ts.isConstructorDeclaration).flatMap((constructor) => {
    const given = constructor.parameters.filter(({ type }) => !COLLECTION.test(type?.getText() ?? ''))
    const parameters = new Set(given.map(({ name }) => name.getText()))
    const properties = given.filter((each) => ts.isParameterPropertyDeclaration(each, constructor))
    const assigned = all(constructor, isAssignment).filter(
      ({ left, right }) =>
        ts.isPropertyAccessExpression(left) &&
        left.expression.kind === ts.SyntaxKind.ThisKeyword &&
        parameters.has(right.getText()),
    )
    return [
      ...properties.map(({ name }) => name.getText()),
      ...assigned.map(({ left }) => (left as ts.PropertyAccessExpression).name.getText()),
    ]
  })
}
