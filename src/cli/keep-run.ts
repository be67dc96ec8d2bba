import type { Kept } from './delivery.js'

/** What keeps a run, as an outcome takes it: what goes wrong is a warning, and changes no exit code. */
export async function keepRun(
  kept: Promise<{ file: string } | null> | undefined,
  warn: (text: string) => void,
): Promise<Kept | null> {
  try {
    const record = await kept
    return record ? { file: record.file, show: 'cache report show last' } : null
  } catch (error) {
    warn(error instanceof Error ? error.message : 'the record of this run could not be written')
    return null
  }
}
