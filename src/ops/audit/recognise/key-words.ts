import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { bare, functionAt, nameOf } from '../syntax.js'

/** What a key is called in the code. */
export interface KeyWords {
  /** Words that stand in the key itself. */
  literal: string[]
  /** Words of constants and functions that the key is made by. */
  makers: string[]
  /** Words of the values that are put into it. */
  values: string[]
}

const MAX_DEPTH = 3

/** The words of a key, read through constants, templates and functions that build it; lower case, singular. */
export function keyWordsOf(keys: readonly ts.Expression[], context: RuleContext): KeyWords {
  const found: KeyWords = { literal: [], makers: [], values: [] }
  for (const key of keys) read(key, 0)
  return found

  function read(expression: ts.Expression, depth: number): void {
    const node = ts.isSpreadElement(expression) ? bare(expression.expression) : bare(expression)
    if (depth > MAX_DEPTH) return
    if (ts.isStringLiteralLike(node)) found.literal.push(...wordsIn(node.text))
    else if (ts.isTemplateExpression(node)) {
      found.literal.push(...wordsIn(node.head.text))
      for (const { expression: value, literal } of node.templateSpans) {
        found.literal.push(...wordsIn(literal.text))
        readPart(value, depth)
      }
    } else if (ts.isBinaryExpression(node)) {
      read(node.left, depth)
      read(node.right, depth)
    } else if (ts.isArrayLiteralExpression(node)) node.elements.forEach((each) => read(each, depth))
    else readMade(node, depth)
  }

  /** A part of a template: a constant gives its text, anything else is a value. */
  function readPart(value: ts.Expression, depth: number): void {
    const before = found.literal.length
    const values = found.values.length
    if (depth < MAX_DEPTH && isPrefix(value)) read(value, depth + 1)
    if (found.literal.length === before && found.values.length === values)
      found.values.push(...wordsIn(lastText(value)))
  }

  function readMade(node: ts.Expression, depth: number): void {
    const name = ts.isCallExpression(node) ? node.expression : node
    const declaration = context.project.declarationOf(nameOf(bare(name)))
    const maker = declaration && functionAt(declaration)
    if (ts.isCallExpression(node)) {
      found.makers.push(...wordsIn(lastText(name)))
      const made = maker ? context.products.returnsOf(maker) : []
      for (const { value } of made) if (value) read(value, depth + 1)
      if (made.length === 0) node.arguments.forEach((each) => readPart(each, depth))
      return
    }
    found.values.push(...wordsIn(lastText(node)))
    const isHolder =
      declaration &&
      (ts.isVariableDeclaration(declaration) ||
        ts.isPropertyAssignment(declaration) ||
        ts.isPropertyDeclaration(declaration) ||
        ts.isEnumMember(declaration))
    if (isHolder && declaration.initializer) read(declaration.initializer, depth + 1)
  }
}

function isPrefix(node: ts.Expression): boolean {
  const value = bare(node)
  return (
    ts.isStringLiteralLike(value) ||
    ts.isCallExpression(value) ||
    /prefix|namespace|^[A-Z_.]+$/i.test(value.getText())
  )
}

function lastText(node: ts.Expression): string {
  const value = bare(node)
  if (ts.isPropertyAccessExpression(value)) return `${lastText(value.expression)} ${value.name.text}`
  if (ts.isCallExpression(value)) return lastText(value.expression)
  return ts.isIdentifier(value) ? value.text : ''
}

/** The words of an identifier or text: `apiKeys:v1` is `api`, `key`, `v1`. */
export function wordsIn(text: string): string[] {
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean)
    .map((word) => word.replace(/ies$/, 'y').replace(/(?<=[a-rt-z])s$/, ''))
}
