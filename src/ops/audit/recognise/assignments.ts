import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, lastName, nameOf } from '../syntax.js'
import { assignmentsTo } from './assignments-to.js'

/** What variables and fields are given, in the file that declares them. */
export class Assignments {
  readonly #project: Project
  readonly #values = new Map<ts.Declaration, ts.Expression[]>()

  constructor(project: Project) {
    this.#project = project
  }

  /** Everything that is ever put into a variable, field or member of an object; empty for what is neither. */
  valuesOf(declaration: ts.Declaration): ts.Expression[] {
    const known = this.#values.get(declaration)
    if (known) return known
    const values = this.#read(declaration)
    this.#values.set(declaration, values)
    return values
  }

  #read(declaration: ts.Declaration): ts.Expression[] {
    const field = ts.isBinaryExpression(declaration) ? declaration.left : declaration
    if (isOwnField(field)) return this.#ofField(field)
    const isHolder =
      ts.isVariableDeclaration(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isPropertyAssignment(declaration)
    if (!isHolder) return []
    const name = declaration.name.getText()
    const assigned = assignmentsTo(name, declaration.getSourceFile()).filter(
      ({ left }) => this.#project.declarationOf(nameOf(left)) === declaration,
    )
    return [
      ...(declaration.initializer ? [declaration.initializer] : []),
      ...assigned.map(({ right }) => right),
    ]
  }

  /** The checker knows several places that declare such a field, and may have any of them. */
  #ofField(field: ts.PropertyAccessExpression): ts.Expression[] {
    const holder = above(field, ts.isClassLike)
    return assignmentsTo(lastName(field), field.getSourceFile())
      .filter(({ left }) => left.getText() === field.getText() && above(left, ts.isClassLike) === holder)
      .map(({ right }) => right)
  }
}

/** `this.client = null` in the constructor of a class of JavaScript, which declares no fields. */
function isOwnField(declaration: ts.Node): declaration is ts.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(declaration) &&
    declaration.expression.kind === ts.SyntaxKind.ThisKeyword &&
    above(declaration, ts.isClassLike) !== undefined
  )
}
