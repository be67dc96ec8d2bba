/** Lines added or removed between two texts, whichever are more, as `diff -U0` counts them. */
export function twinDistance(left: string, right: string): number {
  const before = left.split('\n')
  const after = right.split('\n')
  const kept = commonLines(before, after)
  return Math.max(before.length - kept, after.length - kept)
}

/** Length of the longest common subsequence. */
function commonLines(before: readonly string[], after: readonly string[]): number {
  let above = [0, ...after.map(() => 0)]
  for (const line of before) {
    const row = [0]
    for (const [at, other] of after.entries())
      row.push(line === other ? (above[at] ?? 0) + 1 : Math.max(above[at + 1] ?? 0, row[at] ?? 0))
    above = row
  }
  return above.at(-1) ?? 0
}
