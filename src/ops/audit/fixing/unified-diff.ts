import type { Edit } from './edit.js'

const CONTEXT = 3
const UNENDED = '\n\\ No newline at end of file'

interface Change {
  /** Lines of the old text, from 0; the end is not included. */
  from: number
  to: number
  lines: string[]
}

/** What the edits change, as `git apply` and `patch -p1` read it. */
export function unifiedDiff(name: string, text: string, edits: readonly Edit[]): string {
  const old = text.split('\n')
  const changes = changesOf(text, edits)
  const isEnded = old.at(-1) === ''
  const last = old.length - 1
  const oldLines = (sign: string, from: number, to: number) =>
    old
      .slice(from, to)
      .map((line, index) => `${sign}${line}${!isEnded && from + index === last ? UNENDED : ''}`)
  const hunks: string[] = []
  let shift = 0
  for (const group of grouped(changes)) {
    const from = Math.max(0, group[0]!.from - CONTEXT)
    const to = Math.min(old.length - (isEnded ? 1 : 0), group.at(-1)!.to + CONTEXT)
    const lines: string[] = []
    let at = from
    for (const change of group) {
      lines.push(...oldLines(' ', at, change.from))
      lines.push(...oldLines('-', change.from, change.to))
      lines.push(...change.lines.map((line) => `+${line}`))
      if (!isEnded && change.to > last) lines.push(`${lines.pop()!}${UNENDED}`)
      at = change.to
    }
    lines.push(...oldLines(' ', at, to))
    const before = to - from
    const after = lines.filter((line) => !line.startsWith('-')).length
    hunks.push(`@@ -${from + 1},${before} +${from + 1 + shift},${after} @@`, ...lines)
    shift += after - before
  }
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('\n')}\n`
}

/** Edits that touch the same line are one change. */
function changesOf(text: string, edits: readonly Edit[]): Change[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = (position: number) => starts.findLastIndex((start) => start <= position)
  const ranges: { from: number; to: number; edits: Edit[] }[] = []
  for (const edit of edits) {
    const [from, to] = [lineOf(edit.start), lineOf(edit.end) + 1]
    const last = ranges.at(-1)
    if (last && from < last.to) {
      last.to = Math.max(last.to, to)
      last.edits.push(edit)
    } else ranges.push({ from, to, edits: [edit] })
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  return ranges.map(({ from, to, edits: own }) => {
    const end = starts[to] ?? text.length
    let result = ''
    let at = starts[from]!
    for (const edit of own) {
      result += text.slice(at, edit.start) + edit.text.replaceAll(/\r?\n/g, newline)
      at = edit.end
    }
    result += text.slice(at, end)
    return trimmed({ from, to, lines: result.replace(/\n$/, '').split('\n') }, text.split('\n'))
  })
}

/** Without lines that stay as they are; the last one may differ in its end alone. */
function trimmed({ from, to, lines }: Change, old: readonly string[]): Change {
  let [first, last] = [0, lines.length]
  let [start, end] = [from, to]
  while (start < end && first < last && start < old.length - 1 && old[start] === lines[first]) {
    start += 1
    first += 1
  }
  while (end > start && last > first && end < old.length && old[end - 1] === lines[last - 1]) {
    end -= 1
    last -= 1
  }
  return { from: start, to: end, lines: lines.slice(first, last) }
}

function grouped(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = []
  for (const change of changes) {
    const last = groups.at(-1)
    if (last && change.from - last.at(-1)!.to <= 2 * CONTEXT) last.push(change)
    else groups.push([change])
  }
  return groups
}
