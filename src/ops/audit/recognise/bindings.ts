import ts from 'typescript'
import { specifierLoadedBy } from '../load-calls.js'
import type { Project } from '../project/project.js'
import { bare, isNull } from '../syntax.js'
import { assignmentsTo } from './assignments-to.js'
import { packageAt, packageOf } from './packages.js'

/** An export of a known package that a name is bound to. */
export interface Binding {
  package: string
  /** `default` for a default import and for what require() itself returns. */
  name: string
}

/** The known export behind a name: of an import, alias, require() or import(), also where the checker sees only `any`. */
export function bindingOf(node: ts.Expression, project: Project): Binding | undefined {
  const expression = bare(node)
  const direct = moduleOf(expression)
  if (direct !== undefined) return direct
  if (ts.isPropertyAccessExpression(expression)) {
    const module = bindingOf(expression.expression, project)
    return module && { ...module, name: expression.name.text }
  }
  if (!ts.isIdentifier(expression)) return undefined
  const declaration = project.declarationOf(expression)
  return declaration && declared(declaration, project)
}

function declared(declaration: ts.Declaration, project: Project): Binding | undefined {
  const known = packageAt(declaration.getSourceFile().fileName)
  if (known !== undefined)
    return { package: known, name: ts.getNameOfDeclaration(declaration)?.getText() ?? 'default' }
  const isEmpty =
    ts.isVariableDeclaration(declaration) &&
    (declaration.initializer === undefined || isNull(bare(declaration.initializer)))
  if (ts.isVariableDeclaration(declaration) && declaration.initializer && !isEmpty) {
    // A variable that is reassigned is no binding, and neither is one that a loop could reach again.
    if (!(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const))
      return moduleOf(bare(declaration.initializer))
    return bindingOf(declaration.initializer, project)
  }
  if (ts.isVariableDeclaration(declaration)) return loadedLater(declaration, project)
  if (ts.isBindingElement(declaration) && ts.isVariableDeclaration(declaration.parent.parent)) {
    const { initializer } = declaration.parent.parent
    const module = initializer && moduleOf(bare(initializer))
    return module && { ...module, name: (declaration.propertyName ?? declaration.name).getText() }
  }
  const from = importOf(declaration)
  if (from === undefined) return undefined
  if (ts.isImportSpecifier(declaration))
    return { package: from, name: (declaration.propertyName ?? declaration.name).text }
  return { package: from, name: 'default' }
}

const later = new WeakMap<ts.VariableDeclaration, Binding | null>()

/** `let Redis; try { Redis = require('ioredis') } catch { Redis = null }`: what one place loads into an empty variable. */
function loadedLater(declaration: ts.VariableDeclaration, project: Project): Binding | undefined {
  const known = later.get(declaration)
  if (known !== undefined) return known ?? undefined
  // A variable that is given itself is asked about only once.
  later.set(declaration, null)
  const { name } = declaration
  const values = ts.isIdentifier(name)
    ? assignmentsTo(name.text, declaration.getSourceFile())
        .filter(({ left }) => ts.isIdentifier(left))
        .map(({ right }) => bare(right))
        .filter((value) => !isNull(value))
    : []
  const [first, ...others] = values
  const found = first && others.length === 0 ? loadOf(first, project) : undefined
  later.set(declaration, found ?? null)
  return found
}

/** A module, or a member of one: `require('redis').createClient`, `loaded.default` of `const loaded = await import('ioredis')`. */
function loadOf(expression: ts.Expression, project: Project): Binding | undefined {
  const module = moduleOf(expression)
  if (module || !ts.isPropertyAccessExpression(expression)) return module
  const holder = bindingOf(expression.expression, project)
  return holder && { ...holder, name: expression.name.text }
}

function importOf(declaration: ts.Declaration): string | undefined {
  let node: ts.Node | undefined = declaration
  while (node !== undefined && !ts.isImportDeclaration(node)) node = node.parent
  const specifier = node?.moduleSpecifier
  return specifier && ts.isStringLiteral(specifier) ? packageOf(specifier.text) : undefined
}

/** `require('x')` and `import('x')`. */
function moduleOf(expression: ts.Expression): Binding | undefined {
  const specifier = specifierLoadedBy(expression)
  const known = specifier && packageOf(specifier.text)
  return known === undefined ? undefined : { package: known, name: 'default' }
}
