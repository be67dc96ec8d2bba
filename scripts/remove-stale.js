import { rmSync } from 'node:fs'
import { sep } from 'node:path'
import { globSync } from './glob.js'

/**
 * Removes the files of earlier builds that this one did not write.
 *
 * Emptying the directory first would be shorter, but whatever runs the CLI at that moment would lose it.
 */
export function removeStale(directory, written, { except }) {
  const keep = new Set(written)
  for (const file of globSync(directory, '')) {
    if (!keep.has(file) && !file.startsWith(except + sep)) rmSync(file)
  }
}
