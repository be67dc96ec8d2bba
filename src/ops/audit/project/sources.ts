import { statSync } from 'node:fs'
import ts from 'typescript'

/** Something about a file that the reader of an audit must know. */
export interface Problem {
  file: string
  /** Where the position is to be found; without it the whole file is meant. */
  source?: ts.SourceFile
  position: number
  message: string
  /** Nothing is proved about the file, or about what lies below it. */
  isUnjudged: boolean
}

/** The version of the language that files are parsed as. */
export const LANGUAGE = ts.ScriptTarget.ES2022

// Nobody reviews a file of that size: it is generated, and parsing one costs a hundred times its size in memory.
const MAX_BYTES = 4 * 1024 * 1024

// The compiler goes down by recursion, and its stack ends between 2 000 and 10 000 levels; people write below 100.
const MAX_DEPTH = 1000

/** Reads and parses each file once, and remembers what went wrong; a file that cannot be judged is empty. */
export class Sources {
  readonly #parsed = new Map<string, ts.SourceFile>()
  readonly #problems = new Map<string, Problem>()
  readonly #texts = new Map<string, string>()

  get problems(): Problem[] {
    return [...this.#problems.values()]
  }

  text(file: string): string {
    const known = this.#texts.get(file)
    if (known !== undefined) return known
    const text = this.#read(file)
    this.#texts.set(file, text)
    return text
  }

  #read(file: string): string {
    if (sizeOf(file) > MAX_BYTES) {
      return this.#leftOut(file, 'larger than 4 MiB: taken for generated and left out', false)
    }
    return ts.sys.readFile(file) ?? this.#leftOut(file, 'cannot be read', true)
  }

  parse(file: string): ts.SourceFile {
    let parsed = this.#parsed.get(file)
    if (!parsed) {
      parsed = this.#parse(file)
      this.#parsed.set(file, parsed)
    }
    return parsed
  }

  #parse(file: string): ts.SourceFile {
    try {
      const parsed = parse(file, this.text(file))
      if (!isDeeperThan(parsed, MAX_DEPTH)) return parsed
    } catch (error) {
      // The parser's stack is full.
      if (!(error instanceof RangeError)) throw error
    }
    return parse(file, this.#leftOut(file, 'nested too deeply to be judged', true))
  }

  #leftOut(file: string, message: string, isUnjudged: boolean): '' {
    this.#problems.set(file, { file, position: 0, message, isUnjudged })
    this.#texts.set(file, '')
    return ''
  }
}

// The binder sets the parents, and comments say something about types in JavaScript only.
const OPTIONS = { languageVersion: LANGUAGE, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
const OF_JAVASCRIPT = { ...OPTIONS, jsDocParsingMode: ts.JSDocParsingMode.ParseAll }

/** Without the nodes' parents: those are known when there is a program. */
export function parse(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, /\.[cm]?jsx?$/.test(file) ? OF_JAVASCRIPT : OPTIONS)
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function isDeeperThan(root: ts.Node, limit: number): boolean {
  let level: ts.Node[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    const next: ts.Node[] = []
    for (const node of level) {
      ts.forEachChild(node, (child) => {
        next.push(child)
      })
    }
    level = next
  }
  return false
}
