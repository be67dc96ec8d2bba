import ts from 'typescript'
import type { Project } from '../../project/project.js'
import type { RuleContext } from '../../rule.js'
import { above, isFunction, type FunctionNode } from '../../syntax.js'

// Interfaces that extend interfaces are read through.
const MAX_DEPTH = 4

/** The uses of a function, also by the interfaces that it is called by. */
export function usesOf(
  node: FunctionNode,
  { references, implementers, project }: RuleContext,
): ts.Identifier[] {
  const own = (node.name ? node : node.parent) as ts.NamedDeclaration
  const holder = ts.isClassLike(own.parent) ? own.parent : undefined
  const name = own.name?.getText()
  const direct = references.to(own)
  // What is made is always of a class below: this one runs only where that one asks it to.
  if (
    holder &&
    name !== undefined &&
    implementers.isOnlyBase(holder) &&
    !implementers.isInherited(holder, name)
  )
    return direct.filter(isOfSuper)
  const contracts = [
    ...(holder ? contractsOf(holder, project) : []),
    ...(ts.isObjectLiteralExpression(own.parent) ? membersOfLiteral(own.parent, project) : []),
  ].filter((each) => each.name !== undefined && each.name.getText() === name)
  return [...direct, ...contracts.flatMap((each) => references.to(each))]
}

function isOfSuper({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.expression.kind === ts.SyntaxKind.SuperKeyword
}

function contractsOf(
  holder: ts.ClassLikeDeclaration | ts.InterfaceDeclaration,
  project: Project,
  depth = 0,
): ts.NamedDeclaration[] {
  if (depth > MAX_DEPTH) return []
  return (holder.heritageClauses ?? [])
    .flatMap(({ types }) => types.map(({ expression }) => project.declarationOf(expression)))
    .flatMap((each) => (each ? membersOf(each, project, depth) : []))
}

/** What a class, an interface or an alias declares, those above included. */
function membersOf(declared: ts.Declaration, project: Project, depth = 0): ts.NamedDeclaration[] {
  if (ts.isInterfaceDeclaration(declared) || ts.isClassLike(declared))
    return [...declared.members, ...contractsOf(declared, project, depth + 1)]
  const isLiteral = ts.isTypeAliasDeclaration(declared) && ts.isTypeLiteralNode(declared.type)
  return isLiteral ? [...(declared.type as ts.TypeLiteralNode).members] : []
}

/** What the type declares that an object of functions is given, where one is written. */
function membersOfLiteral(literal: ts.ObjectLiteralExpression, project: Project): ts.NamedDeclaration[] {
  const type = typeGivenTo(literal, project)
  const name = type && ts.isTypeReferenceNode(type) ? nameOfType(type) : undefined
  const declared = name && project.declarationOf(name)
  return declared ? membersOf(declared, project) : []
}

/** `Store` of `Promise<Store>`. */
function nameOfType(type: ts.TypeReferenceNode): ts.Node | undefined {
  const [inner] = type.typeArguments ?? []
  if (type.typeName.getText() !== 'Promise' || !inner) return type.typeName
  return ts.isTypeReferenceNode(inner) ? inner.typeName : undefined
}

/** `const a: Store = { … }`, `a = { … }`, `return { … }`, `{ … } as Store`. */
function typeGivenTo(literal: ts.Expression, project: Project): ts.TypeNode | undefined {
  const { parent } = literal
  if (ts.isParenthesizedExpression(parent)) return typeGivenTo(parent, project)
  if (ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent)) return parent.type
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return ofDeclared(parent.type)
  if (ts.isReturnStatement(parent)) return above(parent, isFunction)?.type
  if (ts.isArrowFunction(parent) && parent.body === literal) return parent.type
  if (!ts.isBinaryExpression(parent) || parent.right !== literal) return undefined
  const { left } = parent
  const target = project.declarationOf(ts.isPropertyAccessExpression(left) ? left.name : left)
  return target && 'type' in target ? ofDeclared(target.type as ts.TypeNode | undefined) : undefined
}

/** `Store` of `Store | undefined`. */
function ofDeclared(type: ts.TypeNode | undefined): ts.TypeNode | undefined {
  return type && ts.isUnionTypeNode(type) ? type.types.find(ts.isTypeReferenceNode) : type
}
