import type { Threshold } from '../report/doctor-report.js'

type Numbers = Pick<Threshold, 'warn' | 'fail'>

/** For what is worse the higher it is. */
export function statusOf(value: number, { warn, fail }: Numbers): 'ok' | 'warn' | 'FAIL' {
  if (fail !== null && value > fail) return 'FAIL'
  return warn !== null && value > warn ? 'warn' : 'ok'
}

/** For what is worse the lower it is. */
export function statusBelow(value: number, { warn, fail }: Numbers): 'ok' | 'warn' | 'FAIL' {
  if (fail !== null && value < fail) return 'FAIL'
  return warn !== null && value < warn ? 'warn' : 'ok'
}
