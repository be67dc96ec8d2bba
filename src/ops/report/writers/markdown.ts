import type { Digest, DigestItem, DigestTable } from '../digest.js'
import { markdownCode, markdownText } from './markdown-text.js'

// What GitHub takes as the body of an issue or a comment.
const LIMIT = 65_536

/**
 * The digest as GitHub-flavoured Markdown: for a step summary, an issue, a comment on a pull request. Of more than a comment
 * takes the last findings are left out, and it says so.
 */
export function writeMarkdown(digest: Digest): string {
  const items = digest.groups.flatMap((group) => group.items.filter(({ known }) => !known))
  const loud = items.filter(isLoud)
  const quiet = items.filter((item) => !isLoud(item))
  const whole = blocksOf(digest, loud, quiet)
  if (whole.length <= LIMIT) return whole
  const most = largest(
    loud.length,
    (count) => blocksOf(digest, loud.slice(0, count), [], loud).length <= LIMIT,
  )
  return blocksOf(digest, loud.slice(0, most), [], loud)
}

function isLoud({ level }: DigestItem): boolean {
  return level !== 'ok' && level !== 'not judged'
}

/** The largest number up to `most` that fits, when all smaller ones do. */
function largest(most: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, most]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function blocksOf(
  { title, word, conclusion, facts, tables = [], toDo, next }: Digest,
  loud: readonly DigestItem[],
  quiet: readonly DigestItem[],
  of: readonly DigestItem[] = loud,
): string {
  const left = of.length - loud.length
  const cut = `${left} of ${of.length} findings are not shown: a comment holds ${LIMIT} characters.`
  const blocks = [
    `## ${markdownText(title)}: ${word}`,
    `**${markdownText(conclusion)}**`,
    facts.map(({ label, text }) => `- ${markdownText(label)}: ${markdownText(text)}`).join('\n'),
    ...tables.map(numbersOf),
    ...(loud.length > 0 ? [tableOf(loud)] : []),
    ...(left > 0 ? [`**${cut}**`] : []),
    ...(quiet.length > 0
      ? [`<details><summary>${summaryOf(quiet)}</summary>`, tableOf(quiet), '</details>']
      : []),
    ...(toDo ? [`${markdownText(toDo.text)} ${markdownCode(toDo.command)}`] : []),
    ...(next.length > 0 ? [`Next: ${next.map((command) => markdownCode(command)).join(', ')}`] : []),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function summaryOf(items: readonly DigestItem[]): string {
  const ok = items.filter(({ level }) => level === 'ok').length
  const counts = [
    ...(ok > 0 ? [`${ok} ok`] : []),
    ...(items.length > ok ? [`${items.length - ok} not judged, which is no ok`] : []),
  ]
  return counts.join(', ')
}

function tableOf(items: readonly DigestItem[]): string {
  const rows = items.map(({ word, id, title, message, remedy, commands, file, line }) => {
    const lines = [
      ...(file === undefined
        ? []
        : [markdownCode(line === undefined ? file : `${file}:${line}`, { inTable: true })]),
      markdownText(message),
      ...(remedy === '' ? [] : [`Fix: ${markdownText(remedy)}`]),
      ...commands.map((command) => markdownCode(command, { inTable: true })),
    ]
    return `| ${markdownText(word)} | ${markdownText(id)} | ${markdownText(title)} | ${lines.join('<br>')} |`
  })
  return ['| | id | what | finding |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function numbersOf({ columns, rows, isText }: DigestTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  const rule = `| --- |${(isText ? ' --- |' : ' ---: |').repeat(columns.length - 1)}`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}
