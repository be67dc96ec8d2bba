import { defineScript, type Script } from './script.js'

/**
 * Upstash runs a script under a lock over the whole database, unless it promises to touch only the keys it was given.
 * Redis 7 rejects the flag, so it is added here and nowhere else.
 */
const KEY_LOCKING = '#!lua flags=allow-key-locking\n'

const flagged = new WeakMap<Script, Script>()

/** The script as Upstash is to run it, under a name of its own. */
export function upstashScript(script: Script): Script {
  let known = flagged.get(script)
  if (!known) flagged.set(script, (known = defineScript(KEY_LOCKING + script.lua, script.serverMs)))
  return known
}
