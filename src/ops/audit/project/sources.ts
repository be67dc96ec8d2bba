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

// Nobody reviews a file of that size: it is generated, and parsing one costs a hundred times its size in memory.
const MAX_BYTES = 4 * 1024 * 1024

// The compiler goes down by recursion, and its stack ends between 2 000 and 10 000 levels; people write below 100.
const MAX_DEPTH = 1000

/** Reads and parses each file once, and remembers what went wrong; a file that cannot be judged is empty. */
export class Sources {
  readonly #parsed = new Map<string, ts.SourceFile>()
  readonly #problems = new Map<string, Problem>()

  get problems(): Problem[] {
    return [...this.#problems.values()]
  }

  text(file: string): string {
    if (this.#problems.has(file)) return ''
    if (sizeOf(file) > MAX_BYTES) {
      return this.#leftOut(file, 'larger than 4 MiB: taken for generated and left out', false)
    }
    return ts.sys.readFile(file) ?? this.#leftOut(file, 'cannot be read', true)
  }

  parse(file: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile {
    let parsed = this.#parsed.get(file)
    if (!parsed) {
      parsed = this.#parse(file, version)
      this.#parsed.set(file, parsed)
    }
    return parsed
  }

  #parse(file: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile {
    try {
      const parsed = ts.createSourceFile(file, this.text(file), version, true)
      if (!isDeeperThan(parsed, MAX_DEPTH)) return parsed
    } catch (error) {
      // The parser's stack is full.
      if (!(error instanceof RangeError)) throw error
    }
    return ts.createSourceFile(
      file,
      this.#leftOut(file, 'nested too deeply to be judged', true),
      version,
      true,
    )
  }

  #leftOut(file: string, message: string, isUnjudged: boolean): '' {
    this.#problems.set(file, { file, position: 0, message, isUnjudged })
    return ''
  }
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
