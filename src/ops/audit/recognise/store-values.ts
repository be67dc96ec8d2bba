import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, bare, isAssignment, lastName } from '../syntax.js'
import { isMadeOnce } from './long-lived.js'
import { holdsHandle } from './process-handles.js'
import { isCollection } from './shape.js'

/** What holds a collection: a variable, a field, a member of the global object, or in JavaScript the `this.entries` that a constructor assigns. */
export type Holder = ts.VariableDeclaration | ts.PropertyDeclaration | ts.PropertyAccessExpression

export function isHolder(node: ts.Node): node is Holder {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    isAssignedField(node) ||
    isOnGlobal(node)
  )
}

/** `this.entries = new Map()` in the constructor of a class that declares no fields, or where it is first asked for. */
function isAssignedField(node: ts.Node): node is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return false
  const { parent } = node
  if (!isAssignment(parent) || parent.left !== node || !/\.[cm]?jsx?$/.test(node.getSourceFile().fileName))
    return false
  const maker = ts.findAncestor(node, ts.isFunctionLike)
  return maker !== undefined && (ts.isConstructorDeclaration(maker) || isMadeOnce(parent))
}

/** What a variable or field starts with: `a ?? b` may be either, and a constructor may be what fills a field. */
export function valuesOf(holder: Holder): ts.Expression[] {
  if (ts.isPropertyAccessExpression(holder))
    return isAssignment(holder.parent) ? alternativesOf(holder.parent.right) : []
  if (holder.initializer) return [...alternativesOf(holder.initializer), ...putOnGlobal(holder.initializer)]
  if (!ts.isPropertyDeclaration(holder)) return []
  const name = holder.name.getText()
  const [made] = holder.parent.members.filter(ts.isConstructorDeclaration)
  const assigned = made ? all(made, isAssignment) : []
  const lazy = all(holder.parent, isAssignment).filter((each) => !assigned.includes(each) && isMadeOnce(each))
  return [...assigned, ...lazy]
    .filter(({ left }) => left.getText() === `this.${name}`)
    .flatMap(({ right }) => alternativesOf(right))
}

function alternativesOf(node: ts.Expression): ts.Expression[] {
  const value = bare(node)
  if (!ts.isBinaryExpression(value)) return [node]
  return [...alternativesOf(value.left), ...alternativesOf(value.right)]
}

/** `if (!global.codes) global.codes = new Map()`, and `const codes = global.codes` after it. */
function putOnGlobal(node: ts.Expression): ts.Expression[] {
  const value = bare(node)
  if (!ts.isPropertyAccessExpression(value) || !/^global(?:This)?$/.test(lastName(bare(value.expression))))
    return []
  return putOn(value.getText(), node)
}

function putOn(name: string, node: ts.Node): ts.Expression[] {
  return all(node.getSourceFile(), isAssignment).flatMap(({ left, right }) =>
    left.getText() === name ? alternativesOf(right) : [],
  )
}

/** `globalThis.codes ??= new Map()`, of which no variable is made: what is reloaded finds it again. */
export function isOnGlobal(node: ts.Node): node is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(node) || !/^global(?:This)?$/.test(lastName(bare(node.expression))))
    return false
  const { parent } = node
  if (!isAssignment(parent) || parent.left !== node) return false
  const name = node.getText()
  const file = node.getSourceFile()
  const [first] = all(file, isAssignment).filter(({ left }) => left.getText() === name)
  const isHeld = all(file, ts.isVariableDeclaration).some(
    ({ initializer }) =>
      initializer && alternativesOf(initializer).some((each) => bare(each).getText() === name),
  )
  return first === parent && !isHeld
}

/** A collection of plain data, which other processes could share. */
export function isData(value: ts.Expression, holder: Holder, { project }: RuleContext): boolean {
  const type = ts.isPropertyAccessExpression(holder) ? undefined : holder.type
  const cast = ts.isAsExpression(value) || ts.isSatisfiesExpression(value) ? value.type : undefined
  const made = bare(value)
  const isTyped =
    type !== undefined ||
    (cast !== undefined && !ts.isConstTypeReference(cast)) ||
    /\.[cm]?jsx?$/.test(holder.getSourceFile().fileName)
  if (!((isEmptyRecord(made) || isListOfCredentials(made, holder)) && isTyped) && !isCollection(made))
    return false
  const given = ts.isNewExpression(made) ? (made.typeArguments ?? []) : []
  return ![type, cast, ...given].some((each) => each && holdsHandle(each, project))
}

// Of lists there are many; of these, each entry is somebody's.
const LISTED =
  /token|revoked|(?:block|black|deny)list|session|(?:memory|mem|fallback|local)_?(?:queue|jobs|store|events)/i

function isListOfCredentials(value: ts.Expression, { name }: Holder): boolean {
  return ts.isArrayLiteralExpression(value) && value.elements.length === 0 && LISTED.test(name.getText())
}

/** A collection of the language without a bound of its own. */
export function isUnbounded(node: ts.Expression): boolean {
  const value = bare(node)
  if (isEmptyRecord(value) || (ts.isArrayLiteralExpression(value) && value.elements.length === 0)) return true
  return isCollection(value) && /^(?:Map|Set|Array)$/.test(value.expression.getText())
}

function isEmptyRecord(value: ts.Expression): boolean {
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0
  return ts.isCallExpression(value) && value.getText() === 'Object.create(null)'
}
