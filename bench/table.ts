/** Prints rows in aligned columns; the first row is the heading. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const row of rows) {
    const line = row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
    process.stdout.write(`${line.trimEnd()}\n`)
  }
}

const missed: string[] = []

/** Prints whether a promise about speed was kept; a broken one stays in the output and fails the run at its end. */
export function promise(text: string, measured: string, kept: boolean): void {
  if (!kept) missed.push(text)
  process.stdout.write(`${kept ? 'ok  ' : 'LOST'}  ${text}: ${measured}\n`)
}

const undecided: string[] = []

/** Prints that the machine was in the way; the run ends without saying that every promise was kept. */
export function inconclusive(text: string, why: string): void {
  undecided.push(text)
  process.stdout.write(`INCONCLUSIVE  ${text}: ${why}\n`)
}

export const untold = (): readonly string[] => undecided

export const broken = (): readonly string[] => missed
