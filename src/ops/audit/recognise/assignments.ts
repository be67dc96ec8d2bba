import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all, isAssignment, lastName, nameOf } from '../syntax.js'

/** What variables and fields are given, in the file that declares them. */
export class Assignments {
  readonly #project: Project
  readonly #byFile = new Map<ts.SourceFile, ts.BinaryExpression[]>()

  constructor(project: Project) {
    this.#project = project
  }

  /** Everything that is ever put into a variable, field or member of an object; empty for what is neither. */
  valuesOf(declaration: ts.Declaration): ts.Expression[] {
    const field = ts.isBinaryExpression(declaration) ? declaration.left : declaration
    if (isOwnField(field)) return this.#ofField(field)
    const isHolder =
      ts.isVariableDeclaration(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isPropertyAssignment(declaration)
    if (!isHolder) return []
    const name = declaration.name.getText()
    const assigned = this.#in(declaration.getSourceFile()).filter(
      ({ left }) => lastName(left) === name && this.#project.declarationOf(nameOf(left)) === declaration,
    )
    return [
      ...(declaration.initializer ? [declaration.initializer] : []),
      ...assigned.map(({ right }) => right),
    ]
  }

  /** The checker knows several places that declare such a field, and may have any of them. */
  #ofField(field: ts.PropertyAccessExpression): ts.Expression[] {
    const holder = above(field, ts.isClassLike)
    return this.#in(field.getSourceFile())
      .filter(({ left }) => left.getText() === field.getText() && above(left, ts.isClassLike) === holder)
      .map(({ right }) => right)
  }

  #in(file: ts.SourceFile): ts.BinaryExpression[] {
    const known = this.#byFile.get(file)
    if (known) return known
    const found = all(file, isAssignment)
    this.#byFile.set(file, found)
    return found
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
