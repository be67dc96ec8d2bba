import { createHash } from 'node:crypto'
import type { RestCommand } from './rest-request.js'

/** The one flag that Upstash knows and Redis 7 rejects. */
const FLAG = 'allow-key-locking'
const SHEBANG = /^#!lua[ \t]+flags=([^\r\n]*)/
const MAX_SCRIPTS = 1000

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

/**
 * Lets scripts for Upstash run on Redis: takes their flag away, and keeps the name that clients compute from the text with
 * it. The oldest of a thousand scripts is forgotten; its name then answers NOSCRIPT, as after a restart.
 */
export class ScriptNames {
  /** Name with the flag → name without it. */
  readonly #names = new Map<string, string>()

  /** The command as Redis can run it. */
  translate([name, ...args]: RestCommand): RestCommand {
    switch (name.toUpperCase()) {
      case 'EVAL':
      case 'EVAL_RO':
        return [name, this.#text(args[0]), ...args.slice(1)]
      case 'EVALSHA':
      case 'EVALSHA_RO':
        return [name, this.#name(args[0]), ...args.slice(1)]
      case 'SCRIPT':
        return [name, ...this.#scriptCommand(args)]
      default:
        return [name, ...args]
    }
  }

  /** SCRIPT LOAD answers with a name: the one of the text as it was sent. */
  loaded([name, subcommand, text]: RestCommand): string | null {
    const isLoad = name.toUpperCase() === 'SCRIPT' && String(subcommand).toUpperCase() === 'LOAD'
    return isLoad && text !== undefined ? sha1(String(text)) : null
  }

  #scriptCommand([subcommand = '', ...rest]: (string | Buffer)[]): (string | Buffer)[] {
    const upper = String(subcommand).toUpperCase()
    if (upper === 'LOAD') return [subcommand, this.#text(rest[0]), ...rest.slice(1)]
    if (upper === 'EXISTS') return [subcommand, ...rest.map((sha) => this.#name(sha))]
    return [subcommand, ...rest]
  }

  #text(script: string | Buffer = ''): string {
    const text = String(script)
    const flags = SHEBANG.exec(text)?.[1]?.split(',')
    if (!flags?.includes(FLAG)) return text
    const others = flags.filter((flag) => flag !== FLAG)
    const shebang = others.length > 0 ? `#!lua flags=${others.join(',')}` : ''
    const plain = shebang + text.replace(SHEBANG, '')
    const name = sha1(text)
    this.#names.delete(name)
    this.#names.set(name, sha1(plain))
    if (this.#names.size > MAX_SCRIPTS) this.#names.delete(this.#names.keys().next().value!)
    return plain
  }

  #name(sha: string | Buffer = ''): string {
    const given = String(sha)
    return this.#names.get(given.toLowerCase()) ?? given
  }
}
