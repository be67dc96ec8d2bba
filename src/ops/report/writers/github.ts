import type { Digest, DigestItem } from '../digest.js'
import { oneLine } from './one-line.js'

/**
 * The digest as workflow commands, which GitHub shows beside the run (ten errors and ten warnings of a step), and the
 * conclusion. What makes the step fail is an error; every other finding is a warning.
 */
export function writeGithub({ title, word, conclusion, groups }: Digest): string {
  const annotations = groups.flatMap(({ items }) => items.filter(isShown).map(annotationOf))
  return [...annotations, `${oneLine(title)}: ${word}: ${oneLine(conclusion)}`, ''].join('\n')
}

function isShown({ level, known }: DigestItem): boolean {
  return !known && level !== 'ok' && level !== 'not judged'
}

function annotationOf({ id, title, word, level, message, remedy, counts, file, line }: DigestItem): string {
  const properties = Object.entries({ file, line, title: `${id} ${title}` })
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
