import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every file below `directory` whose name ends in `suffix`, in a stable order. */
export function globSync(directory, suffix) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
