import type { Report } from '../ops/report/report.js'

/** What the process says when it ends. The same with and without `--json`. */
export const EXIT = {
  /** Done, and nothing to report. */
  pass: 0,
  /** Done, and there is something to report. */
  fail: 1,
  /** The invocation or the configuration must change. */
  usage: 2,
  /** It could not be decided, or something needed was unreachable. */
  inconclusive: 3,
  /** Refused for safety, or stopped by a stop condition. */
  safety: 4,
  /** A bug of ours (`EX_SOFTWARE` of sysexits). */
  bug: 70,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** What stops us: the terminal that closes, Ctrl-C, and whoever supervises us. */
export const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
export type StopSignal = (typeof STOP_SIGNALS)[number]

/** The exit code that a report means; `signal` is the one that interrupted the run, if one did. */
export function exitCodeOf(report: Report, signal?: StopSignal): number {
  if (report.interrupted) return EXIT[signal ?? 'SIGINT']
  switch (report.error?.kind) {
    case 'usage':
      return EXIT.usage
    case 'environment':
      return EXIT.inconclusive
    case 'safety':
      return EXIT.safety
    case 'bug':
      return EXIT.bug
    case undefined:
      return EXIT[report.verdict]
  }
}
