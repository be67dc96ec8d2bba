import { KEY_PREFIX } from './keys.js'

/** Whom a limiter is asked about more often than it allows, all the time. */
export const EAGER = KEY_PREFIX
/** Somebody who never comes near what he may, not even with all that an outage may have held back. */
export const RARE = `${KEY_PREFIX}:rare`
/** Four who keep within what they may, and together do not: who takes them for one denies them. */
export const ALIKE: readonly string[] = [':', '-', '_', '.'].map((mark) =>
  [KEY_PREFIX, 'alike', '1'].join(mark),
)

const BURST = `${KEY_PREFIX}:burst:`

/** Somebody new, who asks once, late in a window as often as he may, and soon after as often again. */
export function burstOf(cycle: number): string {
  return BURST + cycle
}

export function isBurst(identifier: string | undefined): boolean {
  return identifier?.startsWith(BURST) === true
}
