import type { Kept } from './delivery.js'

/** What keeps a run, as an outcome takes it: what goes wrong is a warning, and changes no exit code. */
export async function keepRun(
  kept: Promise<{ id: string; file: string; warning?: string } | null> | undefined,
  warn: (text: string) => void,
): Promise<Kept | null> {
  try {
    const record = await kept
    if (!record) return null
    if (record.warning !== undefined) warn(record.warning)
    // `last` may be another one, which began later and has ended before.
    return { file: record.file, show: `cache report show ${record.id}` }
  } catch (error) {
    warn(error instanceof Error ? error.message : 'the record of this run could not be written')
    return null
  }
}
