import type { Introductions } from '../doors/introductions.js'
import type { Request } from './request-parser.js'

/** Follows what one connection says of its client, by `CLIENT SETINFO`, which comes in two commands. */
export class Introducing {
  readonly #introductions: Introductions
  #name: string | null = null
  #version: string | null = null

  constructor(introductions: Introductions) {
    this.#introductions = introductions
  }

  note({ words, count }: Request): void {
    if (count !== 4 || words.length !== 4) return
    const [command, subcommand, what, value] = words.map((word) => word.toString('latin1')) as [
      string,
      string,
      string,
      string,
    ]
    if (!/^client$/i.test(command) || !/^setinfo$/i.test(subcommand)) return
    if (/^lib-name$/i.test(what)) this.#name = value
    else if (/^lib-ver$/i.test(what)) this.#version = value
    this.#introductions.add(this.#name, this.#version)
  }
}
