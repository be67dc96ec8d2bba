import { open, type FileHandle } from 'node:fs/promises'
import { UsageError } from '../../report/errors.js'
import { SeenKeys } from '../seen-keys.js'
import { isMethod, isPlace, UNDO_SCHEMA, type LedgerHeader } from './ledger-header.js'
import { readBackwards } from './read-backwards.js'
import { parseUndoLine, type UndoRecord } from './undo-record.js'

/** What an undo file says of itself. */
export interface UndoHeader {
  /** Of the purge. */
  id: string
  /** When the purge began, ISO 8601. */
  at: string
  target: LedgerHeader['target']
  method: LedgerHeader['method']
}

/** An undo file that is open for reading. */
export class UndoReader {
  readonly header: UndoHeader
  readonly #path: string
  readonly #file: FileHandle

  private constructor(path: string, file: FileHandle, header: UndoHeader) {
    this.#path = path
    this.#file = file
    this.header = header
  }

  /** @throws UsageError for what is no undo file of this version */
  static async open(path: string): Promise<UndoReader> {
    let file: FileHandle
    try {
      file = await open(path, 'r')
    } catch (error) {
      throw notUndo(path, `cannot be read: ${(error as Error).message}`, error)
    }
    try {
      for await (const line of file.readLines({ start: 0, autoClose: false })) {
        return new UndoReader(path, file, headerOf(path, line))
      }
      throw notUndo(path, 'is empty')
    } catch (error) {
      await file.close()
      if (error instanceof UsageError) throw error
      throw notUndo(path, `cannot be read: ${(error as Error).message}`, error)
    }
  }

  /**
   * Each key once, as it was before it went for the last time; keys of batches that were not carried out are left out.
   *
   * @throws UsageError for a line that is none of an undo file
   */
  async *records(): AsyncGenerator<UndoRecord> {
    const seen = new SeenKeys()
    const voided = new Set<number>()
    // The header is the last line to come, and its turn tells that all others were read.
    let header = false
    for await (const text of readBackwards(this.#file)) {
      if (header) {
        throw new UsageError(
          'NO_UNDO_FILE',
          `${JSON.stringify(this.#path)} has a line in it that is none of an undo file.`,
          ['take that line out, in a copy, and restore from that: what is back already is left alone'],
        )
      }
      const line = parseUndoLine(text)
      if (line === null) header = text !== ''
      else if (line.kind === 'void') voided.add(line.batch)
      else if (!voided.has(line.batch) && seen.add(line.record.key)) yield line.record
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function headerOf(path: string, line: string): UndoHeader {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    throw notUndo(path, 'is no undo file')
  }
  const { schema, id, at, target, method } = (parsed ?? {}) as Record<string, unknown>
  if (schema !== UNDO_SCHEMA) throw notUndo(path, 'is not an undo file of this version')
  if (typeof id !== 'string' || typeof at !== 'string' || !isPlace(target)) {
    throw notUndo(path, 'does not say of which server it is')
  }
  if (!isMethod(method)) throw notUndo(path, 'does not say how the keys went')
  return { id, at, target, method }
}

function notUndo(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'NO_UNDO_FILE',
    `${JSON.stringify(path)} ${why}.`,
    ['name the undo.ndjson of a purge; it lies beside its ledger, in .cache/purges'],
    { cause },
  )
}
