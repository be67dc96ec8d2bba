import type { Readable } from 'node:stream'
import { drillReportSchema } from '../config/drill-report-schema.js'
import { pathWithin, type Schema } from '../config/path-within.js'
import { recordSchema } from '../config/record-schema.js'
import { wholeLoadReportSchema } from '../config/load-report-schema.js'
import type { OutageReport } from '../report/drill-report.js'
import { UsageError } from '../report/errors.js'
import type { LoadReport } from '../report/load-report.js'
import { readText, Unreadable } from './read-text.js'

/** A run that was saved: as a record, or as the report of `--output json=FILE`. */
export interface SavedRun {
  /** As it was named. */
  file: string
  /** Null: it is a report alone, which says nothing of when it was. */
  record: { id: string; start: string; end: string } | null
  report: OutageReport | LoadReport
}

const REPORTS = {
  'cache.simulate-outage/1': drillReportSchema,
  'cache.load-test/1': wholeLoadReportSchema,
} as const

/**
 * Reads a saved run, and checks every field that anybody uses; of the others nothing is kept.
 *
 * @param file its path, or `-` for stdin
 * @throws UsageError `RECORD_UNUSABLE`, which names the file, the field and the reason, and repeats nothing that stands in it
 */
export async function readRun(file: string, stdin?: Readable): Promise<SavedRun> {
  let text: string
  try {
    text = await readText(file, stdin)
  } catch (error) {
    if (error instanceof Unreadable) throw unusable(file, error.message, error)
    throw error
  }
  return parseRun(file, text)
}

/** As `readRun`, of what was read already. */
export function parseRun(file: string, text: string): SavedRun {
  const tree = parsed(file, text)
  if (tree['schema'] !== 'cache.record/1') return { file, record: null, report: reportIn(file, tree, []) }
  const result = recordSchema.safeParse(tree)
  if (!result.success) throw invalid(file, tree, { ...result.error.issues[0]!, schema: recordSchema })
  const { id, start, end } = result.data
  const report = reportIn(file, objectIn(file, tree['report'], 'report'), ['report'])
  return { file, record: { id, start, end }, report }
}

function reportIn(file: string, tree: Record<string, unknown>, at: string[]): OutageReport | LoadReport {
  const schema = REPORTS[tree['schema'] as keyof typeof REPORTS]
  if (!schema)
    throw unusable(file, 'it is no record, and no report of cache simulate-outage or cache load-test')
  // What a stop condition has ended carries one as well, and what it had measured until then.
  const isEmpty = tree['drills'] === undefined && tree['phases'] === undefined
  if (isEmpty && tree['error'] !== undefined)
    throw unusable(file, 'its run ended with an error, and measured nothing')
  const result = schema.safeParse(tree)
  if (result.success) return result.data as OutageReport | LoadReport
  const issue = result.error.issues[0]!
  throw invalid(file, tree, { ...issue, at, schema })
}

function parsed(file: string, text: string): Record<string, unknown> {
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch (cause) {
    throw unusable(file, text.trim() === '' ? 'it is empty' : 'it is no JSON', cause)
  }
  return objectIn(file, tree, 'it')
}

function objectIn(file: string, tree: unknown, what: string): Record<string, unknown> {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw unusable(file, `${what} is no object`)
  return tree as Record<string, unknown>
}

function invalid(
  file: string,
  tree: unknown,
  { path, message, at = [], schema }: { path: PropertyKey[]; message: string; at?: string[]; schema: Schema },
): UsageError {
  const own = pathWithin(schema, path)
  const place = [...at, ...own]
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
  const value = path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    tree,
  )
  // The words of zod are about its types.
  const why =
    value === undefined ? 'is missing' : message.startsWith('Invalid') ? 'is not what belongs there' : message
  const where = place.replace(/^\./, '')
  return unusable(file, own.length < path.length ? `${where} has an entry that ${why}` : `${where} ${why}`)
}

function unusable(file: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'RECORD_UNUSABLE',
    `${file === '-' ? 'stdin' : JSON.stringify(file)} is no record of a run: ${why}.`,
    ['cache report list'],
    { cause },
  )
}
