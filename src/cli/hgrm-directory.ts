import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../ops/report/errors.js'
import type { ReportError } from '../ops/report/report.js'

/**
 * Makes it if need be, so that a long run does not end at a directory that cannot be written.
 *
 * @throws UsageError `HGRM_NOT_WRITABLE`
 */
export function openHgrmDirectory(directory: string): void {
  try {
    make(resolve(directory))
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

/** Node's own, told to make parents as well, tries for ever where nobody can make anything, as in /proc. */
function make(directory: string): void {
  const parent = dirname(directory)
  if (!existsSync(parent)) make(parent)
  if (!existsSync(directory)) mkdirSync(directory)
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place'
  if (code === 'ENOENT') return 'nothing can be made there'
  if (code === 'EROFS') return 'the file system is read-only'
  return code ?? 'unknown reason'
}
