import { createHash } from 'node:crypto'
import ts from 'typescript'

/**
 * What a finding is recognised by from one run to the next: rule, file, symbol and the code that is at fault. Of several that
 * are alike in one place, `occurrence` tells which, from 0. 32 hexadecimal digits.
 */
export function fingerprintOf(of: {
  rule: string
  file: string
  symbol: string
  code: string
  occurrence: number
}): string {
  const { rule, file, symbol, code, occurrence } = of
  const parts = [rule, file, symbol, code, String(occurrence)]
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}

// A formatter adds and removes these as it breaks lines.
const OPTIONAL = new Set([
  ts.SyntaxKind.SemicolonToken,
  ts.SyntaxKind.CommaToken,
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.CloseParenToken,
])

/**
 * The code of a node as no formatter changes it: without white space, comments, semicolons, commas, parentheses and the kind of
 * quotes. Bodies of functions, classes and blocks are left out, so that an edit inside of one leaves it as it was.
 */
export function codeOf(node: ts.Node): string {
  const file = node.getSourceFile()
  const words: string[] = []
  const read = (each: ts.Node): void => {
    if (each.kind === ts.SyntaxKind.JSDoc || OPTIONAL.has(each.kind)) return
    if (ts.isBlock(each) || ts.isModuleBlock(each) || ts.isCaseBlock(each)) words.push('{}')
    else if (each.kind <= ts.SyntaxKind.LastToken) words.push(wordOf(each, file))
    else for (const child of childrenOf(each, file)) read(child)
  }
  read(node)
  return words.filter((word) => word !== '').join(' ')
}

/** Of a class only what comes before its members. */
function childrenOf(node: ts.Node, file: ts.SourceFile): readonly ts.Node[] {
  const children = node.getChildren(file)
  if (!ts.isClassLike(node)) return children
  return children.slice(
    0,
    children.findIndex(({ kind }) => kind === ts.SyntaxKind.OpenBraceToken),
  )
}

function wordOf(token: ts.Node, file: ts.SourceFile): string {
  if (ts.isStringLiteralLike(token)) return token.text
  return token.getText(file).replaceAll(/\s+/g, ' ').trim()
}
