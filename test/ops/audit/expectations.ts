import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFiles } from '../../../src/ops/audit/project/find-files.js'

/**
 * What the fixtures say of themselves: `// expect: R1` speaks of the next line of code, `/* expect: R1 *\/` of its own.
 * Sorted lines of `file:line rule`.
 */
export function expectationsIn(directory: string): string[] {
  return findFiles(directory)
    .sources.flatMap((path) => {
      const lines = readFileSync(path, 'utf8').split('\n')
      return lines.flatMap((line, index) => {
        const match = /expect: ([\w, ]+)/.exec(line)
        if (!match) return []
        const isOwn = !line.trim().startsWith('//')
        const at = isOwn ? index : lines.findIndex((each, i) => i > index && !each.trim().startsWith('//'))
        return match[1]!
          .trim()
          .split(/, */)
          .map((rule) => `${path.slice(join(directory, '/').length)}:${at + 1} ${rule}`)
      })
    })
    .sort()
}
