import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../ops/report/errors.js'
import type { ReportError } from '../ops/report/report.js'

/**
 * Makes it if need be, so that a long run does not end at a directory that cannot be written.
 *
 * @throws UsageError `HGRM_NOT_WRITABLE`
 */
export function openHgrmDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new UsageError('HGRM_NOT_WRITABLE', `--hgrm cannot write to '${directory}': ${reasonOf(error)}.`, [
      'name a directory that you may write, or one that can be made',
    ])
  }
}

/** Writes them over those of an earlier run, and touches no other. What went wrong, or null. */
export function writeHgrm(
  directory: string,
  files: readonly { name: string; text: string }[],
): ReportError | null {
  try {
    for (const { name, text } of files) writeFileSync(join(directory, name), text)
    return null
  } catch (error) {
    return {
      kind: 'environment',
      code: 'HGRM_NOT_WRITTEN',
      message: `The histograms could not be written to '${directory}': ${reasonOf(error)}.`,
      suggestions: ['the report is whole: --json has the histograms as well'],
    }
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place'
  if (code === 'EROFS') return 'the file system is read-only'
  return code ?? 'unknown reason'
}
