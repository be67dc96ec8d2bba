import ts from 'typescript'
import { packageAt } from '../recognise/packages.js'
import type { RuleContext } from '../rule.js'
import { bare } from '../syntax.js'
import { becauseOfType, oneLine } from './made-because.js'

/** What a thing was taken for that is nothing to the rules. */
export interface TakenFor {
  because: string
  /** False where the code that decides was not seen. */
  isResolved: boolean
}

// From a name to what it was given, and once more.
const MAX_DEPTH = 3

export function takenFor(node: ts.Node, name: ts.Node, context: RuleContext, depth = 0): TakenFor {
  const { project } = context
  const declaration = project.declarationOf(name)
  if (!declaration) return ofUndeclared(node, context, depth)
  const imported = ofImport(declaration, context)
  if (imported) return imported
  const type = project.typeOf(node)
  if (!type.isAny) return seen(becauseOfType(node, context) ?? 'a value like any other')
  const lost = annotationOf(declaration) && ofAnnotation(annotationOf(declaration)!, context)
  if (lost) return lost
  const value = valueOf(declaration)
  const root = value && depth < MAX_DEPTH ? rootOf(value) : undefined
  if (value && root) {
    const { because, isResolved } = takenFor(root, root, context, depth + 1)
    if (!isResolved) return unseen(`what ${oneLine(value)} is, is not known: ${root.getText()} is ${because}`)
    return unseen(`it gets ${oneLine(value)}, of which the type is not known`)
  }
  if (ts.isParameter(declaration)) return unseen('a parameter whose type is not known')
  return unseen('its type is not known')
}

function ofUndeclared(node: ts.Node, context: RuleContext, depth: number): TakenFor {
  const root = ts.isPropertyAccessExpression(node) && depth < MAX_DEPTH ? rootOf(node) : undefined
  if (!root) return seen('nothing that was read declares it: a global')
  const { because, isResolved } = takenFor(root, root, context, depth + 1)
  if (isResolved) return seen(`a member of ${root.getText()}`)
  return unseen(`a member of ${root.getText()}, which is ${because}`)
}

/** Of a name that an import brought: undefined where it leads to code that was read. */
function ofImport(declaration: ts.Declaration, { project }: RuleContext): TakenFor | undefined {
  let node: ts.Node | undefined = declaration
  while (node !== undefined && !ts.isImportDeclaration(node)) node = node.parent
  const known = packageAt(declaration.getSourceFile().fileName)
  if (known !== undefined) return seen(`of ${known}, which the audit knows, and nothing to the rules`)
  if (!node || !ts.isStringLiteralLike(node.moduleSpecifier)) return undefined
  const from = node.moduleSpecifier.text
  const resolution = project.leadsTo(from, declaration.getSourceFile().fileName)
  if (resolution === 'unresolved') return unseen(`import '${from}' led nowhere`)
  if (resolution === 'foreign')
    return unseen(`of the package '${from}', which the audit does not know; node_modules is not read`)
  if (resolution === 'unfollowed')
    return seen(`of '${from}', where nothing speaks of caching, so that it was not followed`)
  return 'known' in resolution
    ? seen(`of ${resolution.known}, which the audit knows, and nothing to the rules`)
    : unseen(`of '${from}', which gives out no such name`)
}

/** A type that is named, and of which the name leads nowhere. */
function ofAnnotation(type: ts.TypeNode, context: RuleContext): TakenFor | undefined {
  const names: ts.EntityName[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) names.push(node.typeName)
    ts.forEachChild(node, visit)
  }
  visit(type)
  for (const each of names) {
    const name = ts.isIdentifier(each) ? each : each.right
    const declaration = context.project.declarationOf(name)
    const lost = declaration ? ofImport(declaration, context) : unseen('nothing that was read declares it')
    if (lost && !lost.isResolved)
      return unseen(`of type ${oneLine(type)}, which could not be resolved: ${lost.because}`)
  }
  return undefined
}

function annotationOf(declaration: ts.Declaration): ts.TypeNode | undefined {
  return 'type' in declaration ? (declaration.type as ts.TypeNode | undefined) : undefined
}

/** What a name is given where it is declared. */
function valueOf(declaration: ts.Declaration): ts.Expression | undefined {
  if (ts.isBindingElement(declaration)) {
    const { parent } = declaration.parent
    return ts.isVariableDeclaration(parent) ? parent.initializer : undefined
  }
  const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)
  return isHolder ? declaration.initializer : undefined
}

/** The name that an expression begins with: `container` of `container.get(Cache).x`. */
function rootOf(expression: ts.Expression): ts.Identifier | undefined {
  let node = bare(expression)
  while (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isNewExpression(node)
  )
    node = bare(node.expression)
  return ts.isIdentifier(node) ? node : undefined
}

function seen(because: string): TakenFor {
  return { because, isResolved: true }
}

function unseen(because: string): TakenFor {
  return { because, isResolved: false }
}
