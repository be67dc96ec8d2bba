import ts from 'typescript'
import type { Operation } from '../../recognise/operations.js'
import type { RuleContext } from '../../rule.js'

// Who asks a server how it is does not run without it.
const ASKS_HOW_IT_IS = /^(?:time|info|config|dbsize|memory|latency|slowlog|role)$/i

/** It may fail in an outage, and something is left undone then. What answers at once asks nobody. */
export function isOfService({ call, kind, method }: Operation, { project }: RuleContext): boolean {
  if (ASKS_HOW_IT_IS.test(method)) return false
  if (kind === 'client') return true
  const { isAny, isPromise } = project.typeOf(call)
  return isAny || isPromise
}

/** The line that carries on in silence is where a log is missing. */
export function firstIn(body: ts.Node | undefined): ts.Node | undefined {
  return body && ts.isBlock(body) ? body.statements[0] : undefined
}

export function nameOf({ kind, method }: Operation): string {
  return kind === 'client' ? `${method} of Redis` : `${method} of a ${kind}`
}
