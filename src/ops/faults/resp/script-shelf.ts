import { createHash } from 'node:crypto'
import type { Request } from './request-parser.js'

const MAX_SCRIPTS = 200

/** Scripts that were seen at a door, by their SHA-1, so that a later EVALSHA can be understood. The oldest go first. */
export class ScriptShelf {
  readonly #scripts = new Map<string, Buffer>()

  /** Keeps the script that an EVAL or a SCRIPT LOAD carries. */
  note({ words, complete }: Request): void {
    if (!complete) return
    const name = words[0]?.toString('latin1').toLowerCase()
    const loads = name === 'script' && words[1]?.toString('latin1').toLowerCase() === 'load'
    const script = name === 'eval' || name === 'eval_ro' ? words[1] : loads ? words[2] : undefined
    if (script === undefined) return
    const sha = createHash('sha1').update(script).digest('hex')
    this.#scripts.delete(sha)
    this.#scripts.set(sha, script)
    if (this.#scripts.size <= MAX_SCRIPTS) return
    for (const oldest of this.#scripts.keys()) {
      this.#scripts.delete(oldest)
      return
    }
  }

  find(sha: string): Buffer | undefined {
    return this.#scripts.get(sha.toLowerCase())
  }
}
