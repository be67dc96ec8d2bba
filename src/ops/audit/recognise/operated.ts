import type ts from 'typescript'
import type { Project } from '../project/project.js'
import { lastName } from '../syntax.js'

// What an operator opens in a browser, or asks with a tool.
const OF_OPERATORS =
  /\/(?:admin|internal|debug|maintenance|ops)\/|\/(?:admin|debug)[-_.]?\w*cache\w*[^/]*$|\/cache[-_.]?(?:admin|controller|stats|status|routes?)\.[cm]?[jt]sx?$/i
const TRIES =
  /\/(?:(?:test|debug|try|demo|diagnos\w*)[-_](?:redis|upstash|cache|kv|valkey)[\w-]*|(?:redis|upstash|cache|kv|valkey)[-_](?:test|debug|demo|check|diagnos\w*))(?:\/|\.[cm]?[jt]sx?$)/i
const KEEPS_ORDER =
  /^(?:scan\w*|keys|type|object|strlen|flush\w*|(?:clear|purge|reset|list|fetch|wipe|empty)(?:$|[A-Z]|_)\w*|\w*(?:stats|usage|metrics|status|info)\w*)$/i

/** Whether it looks after the cache by hand: lists its keys, empties it, or tells how full it is. Who does that wants to hear that it failed. */
export function isOperated(call: ts.CallExpression, method: string, project: Project): boolean {
  return (
    OF_OPERATORS.test(project.pathOf(call.getSourceFile())) &&
    (KEEPS_ORDER.test(method) || KEEPS_ORDER.test(lastName(call.expression)))
  )
}

/** A page that is there to try whether Redis works: `api/test-redis/route.ts`. */
export function isTrial(file: ts.SourceFile, project: Project): boolean {
  return TRIES.test(project.pathOf(file))
}
