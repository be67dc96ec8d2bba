import { spawnSync } from 'node:child_process'
import { median, spread } from './statistics.js'
import { printTable, promise } from './table.js'

const RUNS = 5
/** This repository's own tree, which is the worst case: in a service one file in ten speaks of its cache, here it is every second. */
const TREE = ['src', 'commands']
const ESLINT = 'bench/lint/node_modules/eslint/bin/eslint.js'

const CASES: [name: string, argv: string[]][] = [
  ['cache audit, all rules', ['bin/run.js', 'audit', '--json', ...TREE]],
  [
    'typescript-eslint, one typed rule',
    [ESLINT, '--config', 'bench/lint/eslint.config.mjs', '--quiet', ...TREE],
  ],
]

/** The audit beside a typed linter that applies one rule to the same tree, interleaved; whole processes, as CI starts them. */
export function benchAudit(): void {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const times = CASES.map((): number[] => [])
  for (let run = -1; run < RUNS; run++) {
    CASES.forEach(([name, argv], index) => {
      const startedAt = performance.now()
      const { status } = spawnSync(process.execPath, argv, { env, stdio: 'ignore' })
      // 1: it found something; whatever else is no run that may be timed.
      if (status !== 0 && status !== 1) throw new Error(`${name} ended with ${status}`)
      // The first round only fills the file cache.
      if (run >= 0) times[index]!.push(performance.now() - startedAt)
    })
  }
  const ratio = median(times[1]!) / median(times[0]!)
  printTable([
    [`${TREE.join(' and ')} of this repository`, 'wall, median (least–most)', '× cache audit'],
    ...CASES.map(([name], index) => [
      name,
      spread(times[index]!),
      (median(times[index]!) / median(times[0]!)).toFixed(2),
    ]),
  ])
  promise('typescript-eslint ≥ 5 × cache audit', `${ratio.toFixed(1)} ×`, ratio >= 5)
}
