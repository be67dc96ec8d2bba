import { stripVTControlCharacters } from 'node:util'

/**
 * Breaks at spaces; lines after the first are indented. A word longer than a line is left whole, so that it can be copied.
 * Colours count for nothing.
 */
export function wrap(text: string, indent: number, width: number): string[] {
  const lead = /^ */.exec(text)![0]
  const lines: string[] = []
  let line = lead
  for (const word of text.slice(lead.length).split(' ')) {
    const isFirst = line.trim() === ''
    if (!isFirst && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line)
      line = `${' '.repeat(indent)}${word}`
    } else line = isFirst ? `${line}${word}` : `${line} ${word}`
  }
  return [...lines, line]
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length
}
