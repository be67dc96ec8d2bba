const IN_A_ROW = 20
const EVERY_MS = 5
const GIVE_UP_MS = 12_000

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * From the heal to the end of the first of twenty reads in a row that hit, begun after it without waiting for one
 * another; null for none within 12 s.
 */
export async function recovery(
  read: (index: number) => Promise<unknown>,
  healedAt: number,
): Promise<number | null> {
  const reads: { endedAt: number; hit: boolean | null }[] = []
  for (let index = 0; performance.now() - healedAt < GIVE_UP_MS; index++) {
    const record: (typeof reads)[number] = { endedAt: Infinity, hit: null }
    reads.push(record)
    const ended = (hit: boolean) => Object.assign(record, { endedAt: performance.now(), hit })
    read(index).then(
      (value) => ended(value != null),
      () => ended(false),
    )
    await sleep(EVERY_MS)
    const stable = firstStable(reads)
    if (stable !== null) return stable - healedAt
  }
  return null
}

function firstStable(reads: readonly { endedAt: number; hit: boolean | null }[]): number | null {
  let inARow = 0
  for (const [index, { hit }] of reads.entries()) {
    inARow = hit === true ? inARow + 1 : 0
    if (inARow === IN_A_ROW) return reads[index - IN_A_ROW + 1]!.endedAt
  }
  return null
}
