import { GROWTH_BOUNDS } from './judge/growth.js'
import type { SoakReport } from './report.js'

/** The report for a reader, in 80 columns where it can. */
export function inWords(report: SoakReport): string {
  const { counts, faults, growth, invalidations, violation } = report
  const names = Object.keys(faults)
  const happened = names.map((name) => {
    const { times, witnessed } = faults[name]!
    return `  ${name.padEnd(22)} ${String(times).padStart(4)} times, ${witnessed} seen to bite`
  })
  const grew = growth.map(({ process, rssMiB, heapMiB, sockets, timers, logLines }) => {
    const pair = ([early, late]: [number, number]) => `${early} -> ${late}`
    return `  ${process.padEnd(4)} RSS ${pair(rssMiB)} MiB, heap ${pair(heapMiB)} MiB, sockets ${pair(sockets)}, timers ${pair(timers)}, ${logLines} log lines`
  })
  const lines = [
    `soak: four processes, one Redis, ${report.seconds} s, seed ${report.seed}`,
    '',
    `${report.operations} operations: ${counts.reads} reads (${percent(counts.hits, counts.reads)} without a load of their own), ${counts.sets} sets,`,
    `${counts.dels} invalidations, ${counts.checks} limiter checks (${percent(counts.counted, counts.checks)} counted, ${counts.windows} windows judged)`,
    `source: ${counts.loads} loads, ${counts.commits} changes; ${counts.shed} operations not begun, as too many were under way`,
    `invalidations that others had to know: ${invalidations.withinASecond} within 1 s of the heal, ${invalidations.byTtl} by the TTL`,
    `longest wait ${report.longestWaitMs} ms; the machine stood still ${report.standstills} times, which excuses what it delayed`,
    '',
    'faults',
    ...happened,
    '',
    `held after a garbage collection, second tenth -> last tenth (bounds: RSS +${GROWTH_BOUNDS.rssMiB} MiB, heap +${GROWTH_BOUNDS.heapMiB} MiB, sockets +${GROWTH_BOUNDS.sockets}, timers +${GROWTH_BOUNDS.timers})`,
    ...grew,
    '',
  ]
  if (!violation)
    return [...lines, '0 rejections, 0 wrong answers, 0 answers staler than the bound, nothing pending'].join(
      '\n',
    )
  return [
    ...lines,
    `FAIL ${violation.rule} after ${violation.afterSeconds} s${violation.key === null ? '' : `, ${violation.key}`}`,
    `     ${violation.what}`,
    '',
    'what happened before',
    ...violation.history,
  ].join('\n')
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 100)} %`
}
