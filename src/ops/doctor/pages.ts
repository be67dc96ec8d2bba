import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'

/** What has a page that explains it. */
export const PAGE_KINDS = ['check', 'drill', 'clause', 'rule'] as const
export type PageKind = (typeof PAGE_KINDS)[number]

const FOLDERS: Record<PageKind, string> = {
  check: 'checks',
  drill: 'faults',
  clause: 'clauses',
  rule: 'rules',
}

export interface Page {
  kind: PageKind
  /** As its file is named, such as `CON-001`, `stall`, `C3`, `R1`. */
  id: string
  /** The page's first heading, without the id. */
  title: string
  /** Relative to the package, such as `docs/checks/CON-001.md`. */
  path: string
  markdown: string
}

/** Every page below `docs`, by kind and then by id. Kinds whose pages are not there are left out. */
export function listPages(docs: string): Page[] {
  return PAGE_KINDS.flatMap((kind) => {
    const folder = join(docs, FOLDERS[kind])
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => name.endsWith('.md') && name !== 'README.md')
      .map((name) => readPage(kind, name.slice(0, -'.md'.length), docs))
      .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  })
}

/** The pages of audit rules in Markdown, by id; none where no docs are installed. */
export function rulePages(docs: string): Map<string, string> {
  const pages = listPages(docs).filter(({ kind }) => kind === 'rule')
  return new Map(pages.map(({ id, markdown }) => [id, markdown]))
}

/** The page of an id, whatever its case. @throws UsageError with the id that was probably meant */
export function findPage(id: string, docs: string): Page {
  const pages = listPages(docs)
  const found = pages.find((page) => page.id.toLowerCase() === id.toLowerCase())
  if (found) return found
  const meant = nearest(
    id,
    pages.map((page) => page.id).filter((known) => mayMean(id, known)),
  )
  throw new UsageError('UNKNOWN_ID', `Nothing is called ${JSON.stringify(id.slice(0, 100))}.`, [
    meant === undefined ? 'cache explain --list' : `cache explain ${meant}`,
  ])
}

/** Of numbered ids another number is another thing, and so are other letters where there is only one. */
function mayMean(typed: string, known: string): boolean {
  const [, letters = '', number] = /^([a-z]+)-?(\d+)$/i.exec(typed) ?? []
  const [, knownLetters = '', knownNumber] = /^([a-z]+)-?(\d+)$/i.exec(known) ?? []
  if (number === undefined || knownNumber === undefined) return true
  if (Number(number) !== Number(knownNumber)) return false
  return letters.length > 1 || letters.toLowerCase() === knownLetters.toLowerCase()
}

function readPage(kind: PageKind, id: string, docs: string): Page {
  const markdown = readFileSync(join(docs, FOLDERS[kind], `${id}.md`), 'utf8')
  const heading = /^#\s+(.*)$/m.exec(markdown)?.[1] ?? id
  const title = heading.startsWith(id)
    ? heading
        .slice(id.length)
        .replace(/^[\s:]+/, '')
        .trim()
    : heading
  return {
    kind,
    id,
    title: title || firstSentence(markdown),
    path: `docs/${FOLDERS[kind]}/${id}.md`,
    markdown,
  }
}

function firstSentence(markdown: string): string {
  const paragraph = markdown.split(/\n\s*\n/).find((part) => !part.startsWith('#')) ?? ''
  return paragraph
    .replaceAll('\n', ' ')
    .replace(/\.(?:\s.*)?$/s, '')
    .trim()
}
