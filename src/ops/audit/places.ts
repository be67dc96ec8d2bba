import { relative, sep } from 'node:path'
import type ts from 'typescript'
import type { Place } from '../report/audit-report.js'

/** Names places in the code, relative to a directory. */
export class Places {
  readonly #cwd: string

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  at(file: ts.SourceFile, position: number): Place {
    const { line, character } = file.getLineAndCharacterOfPosition(position)
    return { file: this.name(file.fileName), line: line + 1, column: character + 1 }
  }

  of(node: ts.Node): Place {
    return this.at(node.getSourceFile(), node.getStart())
  }

  endOf(node: ts.Node): { endLine: number; endColumn: number } {
    const { line, column } = this.at(node.getSourceFile(), node.getEnd())
    return { endLine: line, endColumn: column }
  }

  name(path: string): string {
    return relative(this.#cwd, path).split(sep).join('/')
  }
}

// Generated code may be one long line.
const EXCERPT_LENGTH = 200
const AROUND = 2

/** The line of a place; of a very long one the part with the finding. */
export function excerptOf(file: ts.SourceFile, { line, column }: Place): string {
  const text = lineOf(file, line)
  if (text.length <= EXCERPT_LENGTH) return text
  const from = column > EXCERPT_LENGTH / 2 ? column - 40 : 0
  return text.slice(from, from + EXCERPT_LENGTH)
}

/** The lines around a place. */
export function frameOf(file: ts.SourceFile, { line }: Place): { from: number; lines: string[] } {
  const from = Math.max(1, line - AROUND)
  const to = Math.min(file.getLineStarts().length, line + AROUND)
  const lines = Array.from({ length: to - from + 1 }, (_, index) => lineOf(file, from + index))
  return { from, lines: lines.map((each) => each.slice(0, EXCERPT_LENGTH)) }
}

function lineOf(file: ts.SourceFile, line: number): string {
  const starts = file.getLineStarts()
  return file.text.slice(starts[line - 1], starts[line] ?? file.text.length).replace(/\r?\n$/, '')
}
