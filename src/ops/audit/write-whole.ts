import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { EnvironmentError } from '../report/errors.js'

/**
 * Puts a file in place of another at once, with the mode of the old one: whoever reads it meanwhile sees one of the two.
 *
 * @throws EnvironmentError when it cannot be written; the old one is then as it was
 */
export function writeWhole(path: string, text: string): void {
  const temporary = join(dirname(path), `.cache-audit-${randomBytes(6).toString('hex')}.tmp`)
  try {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode
    const file = openSync(temporary, 'wx', 0o666)
    try {
      writeFileSync(file, text)
      if (mode !== undefined) fchmodSync(file, mode & 0o7777)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new EnvironmentError(
      'NOT_WRITTEN',
      `${JSON.stringify(path)} cannot be written: ${(cause as Error).message}.`,
      [],
      { cause },
    )
  }
}
