/** Lines of one file that are new or stand where something was taken away; from 1, both included. */
export interface LineRange {
  from: number
  to: number
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/** What `git diff --unified=0` says of each file that is still there, by its path. */
export function changesIn(diff: string): Map<string, LineRange[]> {
  const changes = new Map<string, LineRange[]>()
  let ranges: LineRange[] = []
  // Lines of a hunk may look like anything, a head of a file among it.
  let left = 0
  for (const line of diff.split('\n')) {
    const hunk = left === 0 ? HUNK.exec(line) : null
    if (hunk) {
      const [removed, added] = [hunk[1], hunk[3]].map((count) => Number(count ?? 1)) as [number, number]
      const start = Number(hunk[2])
      left = removed + added
      // Of a removal both neighbours are told.
      ranges.push(added === 0 ? { from: start, to: start + 1 } : { from: start, to: start + added - 1 })
    } else if (left > 0) {
      if (!line.startsWith('\\')) left -= 1
    } else if (line.startsWith('+++ ')) {
      ranges = []
      const path = pathIn(line.slice(4))
      if (path !== undefined) changes.set(path, ranges)
    }
  }
  return changes
}

/** The path of a `+++` line; undefined for a file that was deleted. */
function pathIn(text: string): string | undefined {
  // git ends a name that has a space in it with a tab.
  const name = text.replace(/\t$/, '')
  const path = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name
  return path.startsWith('b/') ? path.slice(2) : undefined
}

const ESCAPES: Record<string, string> = { a: '\u0007', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

function unquoted(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|[^])/g, (_, escape: string) =>
    escape.length === 3 ? String.fromCharCode(Number.parseInt(escape, 8)) : (ESCAPES[escape] ?? escape),
  )
}
