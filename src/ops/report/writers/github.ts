import type { Digest, DigestItem } from '../digest.js'
import { oneLine } from './one-line.js'

/**
 * The digest as workflow commands, which GitHub shows beside the run (ten errors and ten warnings of a step), and the
 * conclusion. What makes the step fail is an error; every other finding is a warning. What could not be judged for one
 * reason is one annotation.
 */
export function writeGithub({ title, word, conclusion, groups, toDo }: Digest): string {
  const shown = groups.flatMap(({ items }) => items.filter(isShown))
  const lines = alike(shown).map(annotationOf)
  const more = beyondLimit(lines)
  const last = toDo ? [`${oneLine(title)}: ${oneLine(toDo.text)} ${oneLine(toDo.command)}`] : []
  return [...lines, ...more, ...last, `${oneLine(title)}: ${word}: ${oneLine(conclusion)}`, ''].join('\n')
}

// GitHub shows so many of a step; the others it only logs.
const SHOWN = 10

function beyondLimit(lines: readonly string[]): string[] {
  const more = (['error', 'warning'] as const).flatMap((kind) => {
    const count = lines.filter((line) => line.startsWith(`::${kind} `)).length - SHOWN
    return count > 0 ? [`${count} ${kind}${count === 1 ? '' : 's'}`] : []
  })
  return more.length === 0
    ? []
    : [
        `GitHub shows ${SHOWN} errors and ${SHOWN} warnings of a step; only in this log: ${more.join(', ')} more`,
      ]
}

function alike(items: readonly DigestItem[]): DigestItem[] {
  const found = new Map<string, DigestItem[]>()
  for (const [index, item] of items.entries()) {
    const key = item.level === 'broken' ? `${item.word} ${item.message} ${item.file}` : String(index)
    found.set(key, [...(found.get(key) ?? []), item])
  }
  return [...found.values()].map((same) => {
    const [first] = same as [DigestItem]
    const ids = same.map(({ id }) => id).join(' ')
    return same.length === 1 ? first : { ...first, id: ids, title: 'not judged' }
  })
}

function isShown({ level, known }: DigestItem): boolean {
  return !known && level !== 'ok' && level !== 'not judged'
}

function annotationOf({
  id,
  title,
  word,
  level,
  message,
  remedy,
  counts,
  file,
  line,
  column,
}: DigestItem): string {
  const properties = Object.entries({ file, line, col: column, title: `${id} ${title}` })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`)
    .join(',')
  const lines = [`${word}: ${message}`, ...(remedy === '' ? [] : [`Fix: ${remedy}`])]
  return `::${counts || level === 'broken' ? 'error' : 'warning'} ${properties}::${lines.map(data).join('%0A')}`
}

/** The runner ends a command at a line's end and decodes `%`; a server's text must not begin another command. */
function data(text: string): string {
  return oneLine(text).replaceAll('%', '%25')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
