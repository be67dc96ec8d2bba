import ts from 'typescript'
import { bare } from '../syntax.js'

/** An answer of 4xx or 5xx: who asked is told. */
export function isFailureStatus(node: ts.Expression): boolean {
  const value = bare(node)
  if (ts.isNumericLiteral(value)) return /^[45]\d\d$/.test(value.text)
  if (ts.isObjectLiteralExpression(value)) {
    return value.properties.some(
      (each) =>
        ts.isPropertyAssignment(each) &&
        /^(?:status|statusCode|code)$/.test(each.name.getText()) &&
        (isFailureStatus(each.initializer) || /^['"][A-Z_]+['"]$/.test(each.initializer.getText())),
    )
  }
  return /^HttpStatus\.|^StatusCodes?\./.test(value.getText())
}
