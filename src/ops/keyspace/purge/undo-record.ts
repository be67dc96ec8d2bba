/** A key as it was before a purge changed it. */
export interface UndoRecord {
  key: Buffer
  /** When it expires by the server's clock, in ms since 1970; null: never. */
  expiresAt: number | null
  /** When a fade lets it expire, likewise; null where it was deleted. */
  fadesAt: number | null
  /** What DUMP gave. */
  value: Buffer
}

/** One line of an undo file after its header. */
export type UndoLine =
  | { kind: 'record'; batch: number; record: UndoRecord }
  /** The records of this batch were written, and then nothing was done to the keys. */
  | { kind: 'void'; batch: number }

export function writeRecord(batch: number, { key, expiresAt, fadesAt, value }: UndoRecord): string {
  const line = {
    batch,
    key: key.toString('base64'),
    expiresAt,
    fadesAt: fadesAt ?? undefined,
    value: value.toString('base64'),
  }
  return `${JSON.stringify(line)}\n`
}

export function writeVoid(batch: number): string {
  return `${JSON.stringify({ void: batch })}\n`
}

/** Null for what is no line of an undo file, such as one that was cut off. */
export function parseUndoLine(line: string): UndoLine | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null) return null
  const { batch, key, expiresAt, fadesAt, value, void: voided } = parsed as Record<string, unknown>
  if (typeof voided === 'number') return { kind: 'void', batch: voided }
  if (typeof batch !== 'number' || typeof key !== 'string' || typeof value !== 'string') return null
  if (expiresAt !== null && typeof expiresAt !== 'number') return null
  const record = {
    key: Buffer.from(key, 'base64'),
    expiresAt,
    fadesAt: typeof fadesAt === 'number' ? fadesAt : null,
    value: Buffer.from(value, 'base64'),
  }
  return { kind: 'record', batch, record }
}
