import { open } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { Transform, type Readable } from 'node:stream'
import { loadReportSchema } from '../config/load-report-schema.js'
import { plainText } from '../experiment/plain-text.js'
import { UsageError } from '../report/errors.js'
import type { LoadPhase, LoadReport } from '../report/load-report.js'
import { decodeHistogram, type Histogram } from './histogram.js'
import type { Part } from './parts.js'
import type { WindowName } from './window.js'

/** A report of `cache load-test` that was written to a file, checked: what it counts is what its histograms hold. */
export interface SavedReport {
  /** As it was named. */
  file: string
  report: LoadReport
  /** The phases and transitions it has, with the times of their answers. */
  windows: ReadonlyMap<WindowName, SavedWindow>
}

export interface SavedWindow {
  phase: LoadPhase<WindowName>
  latency: Histogram
  /** Absent: nobody told them apart. */
  parts?: readonly Part[] | undefined
}

/** A run of half an hour has a tenth of it. */
const LARGEST_MIB = 64

/**
 * Reads what `--json` or `--output json=FILE` of `cache load-test` or `load-test merge` wrote.
 *
 * @param file its path, or `-` for `stdin`
 * @throws UsageError for anything else; it names the file, the field and the reason, and repeats nothing that stands in it
 */
export async function readSavedReport(file: string, stdin: Readable = process.stdin): Promise<SavedReport> {
  return parseSavedReport(file, file === '-' ? await textWithin(stdin, file) : await contentOf(file))
}

async function contentOf(file: string): Promise<string> {
  try {
    // A pipe is read as well, so that a process substitution of a shell can be named.
    const handle = await open(file, 'r')
    try {
      if ((await handle.stat()).isDirectory()) throw unusable(file, 'it is a directory')
      return await textWithin(handle.createReadStream({ autoClose: false }), file)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable'
    throw unusable(file, code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code})`, cause)
  }
}

async function textWithin(stream: Readable, file: string): Promise<string> {
  let left = LARGEST_MIB * 1024 * 1024
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length
      if (left < 0) done(unusable(file, `it is larger than ${LARGEST_MIB} MiB`))
      else done(null, chunk)
    },
  })
  stream.once('error', (error) => limit.destroy(error))
  return textOf(stream.pipe(limit))
}

/** As `readSavedReport`, of what was read already. */
export function parseSavedReport(file: string, text: string): SavedReport {
  const tree = parsed(file, text)
  if (tree['schema'] !== 'cache.load-test/1' || tree['command'] !== 'load-test')
    throw unusable(file, 'it is no report of cache load-test')
  if (tree['error'] !== undefined) throw unusable(file, 'its run ended with an error, and measured nothing')
  const result = loadReportSchema.safeParse(tree)
  if (!result.success) {
    const { path, message } = result.error.issues[0]!
    const why = valueAt(tree, path) === undefined ? 'is missing' : message
    throw unusable(file, `${placeOf(path)} ${why}`)
  }
  // Of promises nothing is read but how many there are, and of repeats how often.
  const report = result.data as unknown as LoadReport
  const parts = [
    ...report.phases.map((phase, at) => [phase, `phases[${at}]`] as const),
    ...(report.transitions ?? []).map((phase, at) => [phase, `transitions[${at}]`] as const),
  ]
  const windows = new Map<WindowName, SavedWindow>()
  for (const [phase, place] of parts) {
    if (windows.has(phase.name)) throw unusable(file, `${place} is a second ${phase.name}`)
    const latency = decodedIn(file, place, phase.histogram)
    checkCounts(file, place, phase, latency)
    windows.set(phase.name, { phase, latency, parts: partsOf(file, place, phase) })
  }
  return { file, report, windows }
}

function partsOf(file: string, place: string, { parts }: LoadPhase<WindowName>): Part[] | undefined {
  return parts?.map((part, at) => {
    const where = `${place}.parts[${at}]`
    const latency = decodedIn(file, where, part.histogram)
    const { kind, name, sent, ok, errors, denied, pending } = part
    const answered = ok + errors + denied
    if (latency.count !== answered || answered + pending > sent) {
      const what = `of ${sent} operations ${answered} were answered, ${pending} are pending, and its histogram holds ${latency.count}`
      throw unusable(file, `${where} contradicts itself: ${what}`)
    }
    return { kind, name, sent, ok, errors, denied, pending, latency }
  })
}

export function decodedIn(file: string, place: string, text: string): Histogram {
  try {
    return decodeHistogram(text)
  } catch (cause) {
    throw unusable(file, `${place}.histogram is none that can be decoded`, cause)
  }
}

function checkCounts(file: string, place: string, phase: LoadPhase<WindowName>, latency: Histogram): void {
  const { ok, errors, denied, sent, pending, reads, hits, fallbacks } = phase
  checkAnswers(file, place, { answered: ok + errors + denied, sent, pending }, latency)
  if (hits + fallbacks > reads)
    throw contradiction(file, place, `${hits + fallbacks} hits and fallbacks are of ${reads} reads`)
}

/** Every operation was answered, and is in the histogram, or is pending. */
export function checkAnswers(
  file: string,
  place: string,
  { answered, sent, pending }: { answered: number; sent: number; pending: number },
  { count }: Histogram,
): void {
  const refuse = (what: string) => {
    throw contradiction(file, place, what)
  }
  if (count !== answered) refuse(`${answered} operations were answered, and its histogram holds ${count}`)
  if (answered > sent) refuse(`${answered} operations were answered, and ${sent} sent`)
  if (pending > sent) refuse(`${pending} operations are pending, and ${sent} were sent`)
}

function contradiction(file: string, place: string, what: string): UsageError {
  return unusable(file, `${place} contradicts itself: ${what}`)
}

function parsed(file: string, text: string): Record<string, unknown> {
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch (cause) {
    throw unusable(file, text.trim() === '' ? 'it is empty' : 'it is no JSON', cause)
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw unusable(file, 'it is no report of cache load-test')
  return tree as Record<string, unknown>
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    tree,
  )
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return place.replace(/^\./, '')
}

function unusable(file: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'LOAD_REPORT_UNUSABLE',
    `${file === '-' ? 'stdin' : JSON.stringify(plainText(file))} is no saved load test: ${why}.`,
    ['cache load-test --output json=FILE'],
    { cause },
  )
}
