import type { CheckRecord, LimiterDeclaration } from '../experiment/limiting.js'

/** Clocks of two processes may disagree on the length of a window by this share. */
const CLOCK_SHARE = 0.01

/** Checks by whom they were about, those of the eager one first. */
export function byIdentifier(checks: readonly CheckRecord[]): CheckRecord[][] {
  const groups = new Map<string | undefined, CheckRecord[]>([[undefined, []]])
  for (const check of checks) {
    const group = groups.get(check.identifier)
    if (group) group.push(check)
    else groups.set(check.identifier, [check])
  }
  return [...groups.values()]
}

/** Allowed checks that lie within one window for certain, and one of them; `most` is 0 without any. */
export interface Busiest {
  most: number
  fromMs: number
}

/**
 * The largest number of checks that a limiter claims to have counted and allowed within one window. A check was decided
 * at some instant between its start and its end, so those count that began and ended within the window: what is found
 * is certain.
 *
 * @param checks in order of their start
 */
export function busiestWindow(
  checks: readonly CheckRecord[],
  { windowMs }: Pick<LimiterDeclaration, 'windowMs'>,
): Busiest {
  const allowed = checks.filter(({ allowed, counted, endMs }) => allowed && counted && endMs !== null)
  const lengthMs = windowMs * (1 - CLOCK_SHARE)
  let busiest: Busiest = { most: 0, fromMs: 0 }
  allowed.forEach(({ startMs }, first) => {
    let most = 0
    for (let index = first; index < allowed.length; index++) {
      const each = allowed[index]
      if (!each || each.startMs > startMs + lengthMs) break
      if (each.endMs !== null && each.endMs <= startMs + lengthMs) most++
    }
    if (most > busiest.most) busiest = { most, fromMs: startMs }
  })
  return busiest
}
