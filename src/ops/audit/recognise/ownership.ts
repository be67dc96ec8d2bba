import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, functionAt, hasModifier, isMaking, type FunctionNode } from '../syntax.js'
import { bindingOf } from './bindings.js'
import { isExported, outermostFunction } from './containers.js'
import type { DirectOperations } from './direct-operations.js'
import { isHandler } from './handlers.js'
import { kindIn } from './packages.js'
import { isBacked } from './kinds.js'
import type { Products } from './products.js'

/** Says which modules own a client: they make one, keep it in a variable, and give it out or what is done with it. */
export class Ownership {
  readonly #project: Project
  readonly #products: Products
  readonly #direct: DirectOperations
  readonly #byFile = new Map<ts.SourceFile, string | undefined>()

  constructor(project: Project, products: Products, direct: DirectOperations) {
    this.#project = project
    this.#products = products
    this.#direct = direct
  }

  /** The variable that the client is in; undefined when the module owns none. */
  in(file: ts.SourceFile): string | undefined {
    if (!this.#byFile.has(file)) this.#byFile.set(file, this.#judge(file))
    return this.#byFile.get(file)
  }

  /** Whether it makes one and keeps it in a variable, whatever it gives out. */
  keeps(file: ts.SourceFile): boolean {
    return this.#keptIn(file) !== undefined
  }

  #judge(file: ts.SourceFile): string | undefined {
    const name = this.#keptIn(file)?.getText()
    return name !== undefined && this.#givesOut(file, name) ? name : this.#accessorIn(file)
  }

  /** `function connection() { return openClient(OPTIONS) }`, where all that the module exports asks what it gives: a store without the word. */
  #accessorIn(file: ts.SourceFile): string | undefined {
    const operating = new Set(this.#direct.in(file).map(({ call }) => outermostFunction(call)))
    if (operating.size === 0) return undefined
    const functions = file.statements.filter(isDeclaredFunction)
    const exported = functions.filter((each) => isExported(each))
    const isStore =
      exported.length > 0 &&
      exported.every((each) => operating.has(each) && !isHandler(each)) &&
      !file.statements.some(
        (each) => ts.isVariableStatement(each) && hasModifier(each, ts.SyntaxKind.ExportKeyword),
      )
    if (!isStore) return undefined
    return functions
      .filter((each) => !isExported(each) && !operating.has(each))
      .find((each) => this.#products.ofFunction(each).some(({ kind }) => kind === 'client'))?.name?.text
  }

  #keptIn(file: ts.SourceFile): ts.Node | undefined {
    const makes = all(file, isMaking).some(
      (node) => above(node, ts.isClassLike) === undefined && this.#makesBackend(node),
    )
    if (!makes) return undefined
    return file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => [...declarationList.declarations])
      .map(({ name }) => name)
      .find((name) => ts.isIdentifier(name) && this.#isMadeHere(name))
  }

  /** What is only declared, imported or handed in is another's. */
  #isMadeHere(name: ts.Identifier): boolean {
    return this.#products
      .of(name)
      .some(
        ({ kind, node }) => isBacked(kind) && isMaking(node) && node.getSourceFile() === name.getSourceFile(),
      )
  }

  #makesBackend(node: ts.NewExpression | ts.CallExpression): boolean {
    const { expression } = node
    const made = bindingOf(expression, this.#project)
    if (made && ts.isNewExpression(node)) return kindIn(made.package, made.name) !== undefined
    if (made && /^create(?:Client|Cluster)$/.test(made.name)) return true
    const base = ts.isPropertyAccessExpression(expression)
      ? bindingOf(expression.expression, this.#project)
      : undefined
    return base !== undefined && kindIn(base.package, base.name) === 'client'
  }

  /** It exports the variable, an accessor, or functions that ask what is in it. An application that keeps all to itself does not. */
  #givesOut(file: ts.SourceFile, name: string): boolean {
    const statement = file.statements.filter(ts.isVariableStatement).find((each) => exportsName(each, name))
    if (
      statement ||
      new RegExp(
        `export default ${name}\\b|exports\\b[^\\n]*\\b${name}\\b|export\\s*\\{[^}]*\\b${name}\\b`,
      ).test(file.text)
    )
      return true
    const functions = file.statements.flatMap((each): ts.Node[] =>
      ts.isVariableStatement(each) ? [...each.declarationList.declarations] : [each],
    )
    const isOperating = (node: ts.Node): boolean => {
      const found = functionAt(node)
      if (!found || !isExported(found) || isHandler(found)) return false
      return (
        this.#direct.in(file).some(({ call }) => outermostFunction(call) === found) ||
        this.#products.ofFunction(found).some(({ kind }) => isBacked(kind))
      )
    }
    return functions.some(isOperating) || this.#exportsObject(file)
  }

  /** `export const cache = { get, set }`, `module.exports = { get: async () => … }`. */
  #exportsObject(file: ts.SourceFile): boolean {
    return this.#direct.in(file).some(({ call }) => {
      const outer = outermostFunction(call)
      const literal = outer && above(outer, ts.isObjectLiteralExpression)
      return literal !== undefined && isExported(literal)
    })
  }
}

function isDeclaredFunction(node: ts.Node): node is ts.FunctionDeclaration & FunctionNode {
  return ts.isFunctionDeclaration(node) && node.body !== undefined
}

function exportsName(statement: ts.VariableStatement, name: string): boolean {
  const isExport = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
  return isExport && statement.declarationList.declarations.some((each) => each.name.getText() === name)
}
