import { createHash } from 'node:crypto'

/** A Lua script, the name under which Redis remembers it, and where its reply tells the server's time. */
export interface Script {
  /** The text that EVAL takes. */
  readonly lua: string
  /** SHA-1 of that text, in hex, for EVALSHA. */
  readonly sha: string
  /** The server's clock in ms out of a reply; undefined when this reply does not tell. */
  readonly serverMs?: (reply: unknown) => number | undefined
}

export function defineScript(lua: string, serverMs?: Script['serverMs']): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex'), ...(serverMs ? { serverMs } : {}) }
}
