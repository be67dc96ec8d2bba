import { basename } from 'node:path'
import type { Token } from 'markdown-it'
import { anchorMaker } from './anchor.js'
import { badRunbook } from './bad-runbook.js'
import { cutCacheBlock } from './cache-block.js'
import { parseAttributes } from './fence-info.js'
import { LANGUAGES, type Language, type Runbook, type Section, type Step } from './runbook.js'
import { cutShellBlock } from './shell-block.js'

// Blocks of these look as if they ran, so that a reader should hear that they do not.
const LOOKALIKES = ['shell', 'console', 'zsh', 'shell-session', 'redis', 'promql', 'http']
// What a system takes as one argument, with room to spare.
const LONGEST_BLOCK = 64 * 1024

/**
 * A Markdown document as a runbook: its `bash`, `sh` and `cache` blocks in order, its headings as addresses.
 *
 * @throws UsageError naming the line, for an attribute, an expectation or a name that cannot be used
 */
export async function parseRunbook(markdown: string, path: string): Promise<Runbook> {
  const { default: MarkdownIt } = await import('markdown-it')
  const lines = markdown.split(/\r\n?|\n/)
  const tokens = new MarkdownIt('commonmark').parse(withoutFrontMatter(lines).join('\n'), {})
  const sections = sectionsOf(tokens, lines.length + 1)
  const blocks = tokens.filter(({ type }) => type === 'fence')
  const starts = [...blocks.filter(isStep).map(lineOf), ...sections.map(({ from }) => from), lines.length + 1]
  const steps: Step[] = []
  for (const block of blocks.filter(isStep)) {
    const end = (block.map?.[1] ?? 0) + 1
    const next = Math.min(...starts.filter((start) => start >= end))
    const heading = sections.findLast(({ from }) => from <= lineOf(block))
    const step = stepOf(block, path, heading, steps)
    if (step.commands.length === 0) continue
    steps.push({ ...step, guidance: guidanceIn(lines.slice(end - 1, next - 1)) })
  }
  const title = sections[0]?.heading ?? basename(path)
  const ignored = blocks.map(languageOf).filter((language) => LOOKALIKES.includes(language))
  return { title, path, sections, steps, ignored: [...new Set(ignored)] }
}

function stepOf(block: Token, path: string, section: Section | undefined, before: readonly Step[]) {
  const where = { path, line: lineOf(block) }
  const language = languageOf(block) as Language
  const { name: given, ...attributes } = parseAttributes(block.info.trim().slice(language.length), where)
  if (attributes.attempts > 1 && language !== 'cache') {
    throw badRunbook(
      'RUNBOOK_BAD_ATTRIBUTE',
      where,
      `attempts= is for cache blocks: nobody knows whether a ${language} block that failed may run again.`,
      ['a loop in the block itself'],
    )
  }
  const source = block.content.replace(/\n$/, '')
  if (source.length > LONGEST_BLOCK) {
    throw badRunbook('RUNBOOK_BLOCK_TOO_LONG', where, 'the block is longer than 64 KiB.', [
      'move it into a script and run that',
    ])
  }
  const taken = before.find(({ name }) => name === given)
  if (taken) {
    throw badRunbook('RUNBOOK_NAME_TWICE', where, `the step on line ${taken.line} is '${given}' too.`, [
      'give each step a name of its own',
    ])
  }
  const cut = language === 'cache' ? cutCacheBlock : cutShellBlock
  const name = given ?? freeName(section?.anchor || 'step', before)
  const commands = cut(source, path, where.line + 1)
  return {
    name,
    heading: section?.heading ?? '',
    line: where.line,
    language,
    source,
    commands,
    ...attributes,
  }
}

function freeName(base: string, before: readonly Step[]): string {
  const taken = new Set(before.map(({ name }) => name))
  if (!taken.has(base)) return base
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`
}

function sectionsOf(tokens: readonly Token[], end: number): Section[] {
  const anchorOf = anchorMaker()
  const headings = tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return []
    const words = tokens[index + 1]?.children ?? []
    const heading = words.map(({ type, content }) => (type.endsWith('break') ? ' ' : content)).join('')
    return [{ heading, anchor: anchorOf(heading), from: lineOf(token), depth: Number(token.tag.slice(1)) }]
  })
  return headings.map(({ depth, ...section }, index) => {
    const next = headings.slice(index + 1).find((later) => later.depth <= depth)
    return { ...section, to: next?.from ?? end }
  })
}

/** From the first line that begins with `If …`, as a paragraph, a list or a quote: the way out for whom it failed. */
function guidanceIn(lines: readonly string[]): string {
  const start = lines.findIndex((line) => /^[\s>*+-]*(?:\d+[.)]\s+)?[*_]*If\b/.test(line))
  return start === -1 ? '' : lines.slice(start).join('\n').trim()
}

// Blanked rather than cut, so that lines keep their numbers; CommonMark would read it as a heading.
function withoutFrontMatter(lines: readonly string[]): string[] {
  const end = lines[0]?.trimEnd() === '---' ? lines.indexOf('---', 1) : -1
  return lines.map((line, index) => (index <= end ? '' : line))
}

function isStep(block: Token): boolean {
  return (LANGUAGES as readonly string[]).includes(languageOf(block))
}

function languageOf({ info }: Token): string {
  return /^\S*/.exec(info.trim())?.[0].toLowerCase() ?? ''
}

function lineOf({ map }: Token): number {
  return (map?.[0] ?? 0) + 1
}
