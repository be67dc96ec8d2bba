import type { Fault } from './fault.js'

/** What cannot be judged while the source of truth is what fails. */
export const SPARED_BY_THE_SOURCE = {
  C4: 'a limiter does not ask the source of truth',
  C9: 'a change that failed was acknowledged to nobody, so that no answer is older than what somebody was told',
  C10: 'it is no secret: whoever needs the source gets the error itself',
} as const satisfies Fault['spares']
