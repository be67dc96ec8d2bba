import ts from 'typescript'

// `nodeRequire`, `__non_webpack_require__`, `req` of `eval('require')`: what hides a module from a bundler loads it all the same.
const LOADS = /^(?:req|\w*require\w*)$/i

/** The specifier that `import('x')` or `require('x')` loads; undefined for other expressions. */
export function specifierLoadedBy(node: ts.Node): ts.StringLiteralLike | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const { expression: callee, arguments: given } = node
  const isLoading =
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && LOADS.test(callee.text))
  const [specifier] = given
  return isLoading && specifier && ts.isStringLiteralLike(specifier) ? specifier : undefined
}
