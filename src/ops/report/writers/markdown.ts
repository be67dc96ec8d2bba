import type { Digest, DigestItem, DigestTable } from '../digest.js'
import { markdownCode, markdownText } from './markdown-text.js'

/** The digest as GitHub-flavoured Markdown: for a step summary, an issue, a comment on a pull request. */
export function writeMarkdown({
  title,
  word,
  conclusion,
  facts,
  tables = [],
  groups,
  toDo,
  next,
}: Digest): string {
  const items = groups.flatMap((group) => group.items.filter(({ known }) => !known))
  const isLoud = ({ level }: DigestItem) => level !== 'ok' && level !== 'not judged'
  const loud = items.filter(isLoud)
  const quiet = items.filter((item) => !isLoud(item))
  const blocks = [
    `## ${markdownText(title)}: ${word}`,
    `**${markdownText(conclusion)}**`,
    facts.map(({ label, text }) => `- ${markdownText(label)}: ${markdownText(text)}`).join('\n'),
    ...tables.map(numbersOf),
    ...(loud.length > 0 ? [tableOf(loud)] : []),
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
  const rows = items.map(({ word, id, title, message, remedy, commands }) => {
    const lines = [
      markdownText(message),
      ...(remedy === '' ? [] : [`Fix: ${markdownText(remedy)}`]),
      ...commands.map((command) => markdownCode(command, { inTable: true })),
    ]
    return `| ${markdownText(word)} | ${markdownText(id)} | ${markdownText(title)} | ${lines.join('<br>')} |`
  })
  return ['| | id | what | finding |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function numbersOf({ columns, rows }: DigestTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  const rule = `| --- |${' ---: |'.repeat(columns.length - 1)}`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}
