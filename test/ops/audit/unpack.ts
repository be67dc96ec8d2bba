import { cpSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Copies fixtures into a directory of their own and takes the `.txt` off their names, which keeps the tools of this
 * repository from reading them as its code.
 */
export function unpack(fixtures: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'cache-audit-fixtures-'))
  cpSync(fixtures, directory, { recursive: true })
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.txt'))
      renameSync(join(directory, name), join(directory, name.slice(0, -'.txt'.length)))
  }
  return directory
}
