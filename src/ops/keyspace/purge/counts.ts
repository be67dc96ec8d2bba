import type { PurgeCounts } from '../../report/purge-report.js'

export function noCounts(): PurgeCounts {
  return {
    deleted: 0,
    faded: 0,
    expiring: 0,
    tombstonesLeft: 0,
    gone: 0,
    spared: 0,
    contended: 0,
    moved: 0,
    unknown: 0,
  }
}

export function addCounts(all: readonly PurgeCounts[]): PurgeCounts {
  const sum = noCounts()
  for (const counts of all) {
    for (const name of Object.keys(sum) as (keyof PurgeCounts)[]) sum[name] += counts[name]
  }
  return sum
}

/** Whether nothing that was meant may still be there as it was. */
export function isWhole({ contended, moved, unknown }: PurgeCounts): boolean {
  return contended === 0 && moved === 0 && unknown === 0
}
