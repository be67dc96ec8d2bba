import type ts from 'typescript'
import { lastName } from '../syntax.js'

// What an operator opens in a browser, or asks with a tool.
const OF_OPERATORS =
  /\/(?:admin|internal|debug|maintenance|ops)\/|\/(?:admin|debug)[-_.]?\w*cache\w*[^/]*$|\/cache[-_.]?(?:admin|controller|stats|status|routes?)\.[cm]?[jt]sx?$/i
const TRIES =
  /\/(?:(?:test|debug|try|demo|diagnos\w*)[-_](?:redis|upstash|cache|kv|valkey)[\w-]*|(?:redis|upstash|cache|kv|valkey)[-_](?:test|debug|demo|check|diagnos\w*))(?:\/|\.[cm]?[jt]sx?$)/i
const KEEPS_ORDER =
  /^(?:scan\w*|keys|type|object|strlen|flush\w*|(?:clear|purge|reset|list|fetch|wipe|empty)(?:$|[A-Z]|_)\w*|\w*(?:stats|usage|metrics|status|info)\w*)$/i

/** Whether it looks after the cache by hand: lists its keys, empties it, or tells how full it is. Who does that wants to hear that it failed. */
export function isOperated(call: ts.CallExpression, method: string): boolean {
  const { fileName } = call.getSourceFile()
  return (
    OF_OPERATORS.test(fileName) && (KEEPS_ORDER.test(method) || KEEPS_ORDER.test(lastName(call.expression)))
  )
}

/** A page that is there to try whether Redis works: `api/test-redis/route.ts`. */
export function isTrial({ fileName }: ts.SourceFile): boolean {
  return TRIES.test(fileName.split('/').slice(-4).join('/').replace(/^/, '/'))
}
