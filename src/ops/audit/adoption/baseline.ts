import { readFileSync } from 'node:fs'
import type { KnownFinding } from '../../report/audit-report.js'
import { UsageError } from '../../report/errors.js'
import { writeWhole } from '../write-whole.js'

const SCHEMA = 'cache.audit.baseline/1'
const KEYS = ['rule', 'file', 'symbol', 'fingerprint'] as const

/** Findings that were there when a team began. */
export interface Baseline {
  /** As it was named, for the reader. */
  name: string
  /** Absolute. */
  path: string
  entries: readonly KnownFinding[]
}

/**
 * @param of `update`: it is about to be written, and need not be there yet
 * @throws UsageError for a file that cannot be read, or is no baseline of this version
 */
export function readBaseline({
  name,
  path,
  update,
}: {
  name: string
  path: string
  update: boolean
}): Baseline {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable'
    if (code === 'ENOENT' && update) return { name, path, entries: [] }
    throw unusable(name, `it cannot be read (${code})`, cause)
  }
  return { name, path, entries: entriesOf(name, text) }
}

function entriesOf(name: string, text: string): KnownFinding[] {
  let content: unknown
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    const why = /^[<=>]{7}/m.test(text) ? 'a merge left its marks in it' : 'it is not JSON'
    throw unusable(name, why, cause)
  }
  const { schema, findings } = (content ?? {}) as { schema?: unknown; findings?: unknown }
  if (schema !== SCHEMA) throw unusable(name, `its schema is not ${SCHEMA}`)
  if (!Array.isArray(findings) || !findings.every(isEntry))
    throw unusable(name, 'an entry of it is no finding')
  return findings
}

function isEntry(value: unknown): value is KnownFinding {
  return (
    typeof value === 'object' &&
    value !== null &&
    KEYS.every((key) => typeof (value as Record<string, unknown>)[key] === 'string')
  )
}

/** One finding a line, in one order, and nothing that changes by itself: what a merge of two branches can cope with. */
export function writeBaseline(path: string, entries: readonly KnownFinding[]): void {
  const lines = [...entries]
    .sort(byPlace)
    .map(
      ({ rule, file, symbol, fingerprint }) => `    ${JSON.stringify({ rule, file, symbol, fingerprint })}`,
    )
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  writeWhole(path, `{\n  "schema": ${JSON.stringify(SCHEMA)},\n  "findings": ${list}\n}\n`)
}

function byPlace(a: KnownFinding, b: KnownFinding): number {
  for (const key of ['file', 'rule', 'symbol', 'fingerprint'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1
  }
  return 0
}

function unusable(name: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'BASELINE_UNUSABLE',
    `${JSON.stringify(name.slice(0, 200))} is no baseline: ${why}.`,
    ['cache audit --baseline FILE --update-baseline writes one'],
    { cause },
  )
}
