import ts from 'typescript'
import { bare, lastName } from '../../syntax.js'

// It settles as what runs in it does: a span is ended, a context is set, or it is tried again.
const RUNS =
  /^(?:then|finally|start(?:Active|Inactive)?Span|startSpanManual|with(?:Active)?Span|runInSpan|withScope|withIsolationScope|pRetry)$/
// Who calls what comes of it is in sight of nobody here.
const GIVES_OUT = /^(?:decorate(?:Request|Reply)?|provide|unstable_cache|p?[mM]emoize\w*)$/

/** `promise.then(() => …)`, `tracer.startActiveSpan(name, () => …)`: a rejection comes out of the call. */
export function passesOn({ expression }: ts.CallExpression): boolean {
  return RUNS.test(lastName(expression))
}

/** `server.decorate('known', async (key) => …)`, React's `cache(async (id) => …)`: the callers of what is given out fail. */
export function givesOut({ expression }: ts.CallExpression): boolean {
  return GIVES_OUT.test(lastName(expression)) || isCacheOfReact(bare(expression))
}

/** It remembers for one request, and a rejection like any other answer. */
function isCacheOfReact(callee: ts.Expression): boolean {
  if (!ts.isIdentifier(callee)) return callee.getText() === 'React.cache'
  return callee
    .getSourceFile()
    .statements.filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier }) => /^['"]react['"]$/.test(moduleSpecifier.getText()))
    .flatMap(({ importClause }) => {
      const named = importClause?.namedBindings
      return named && ts.isNamedImports(named) ? [...named.elements] : []
    })
    .some(({ name, propertyName }) => name.text === callee.text && (propertyName ?? name).text === 'cache')
}
