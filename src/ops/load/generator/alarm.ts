/** Calls back at an instant, with the precision that a schedule needs. One at a time: a new one replaces the last. */
export interface Alarm {
  /** @param inMs from now; 0 or less: as soon as answers that are there have been read */
  set(inMs: number, ring: () => void): void
  clear(): void
}

/** What a timer of Node may be late by itself. */
const TIMER_MS = 1.5

/** A timer until shortly before, then one turn of the event loop after the other, in each of which answers are read. */
export function createAlarm(): Alarm {
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  const clear = () => {
    clearTimeout(timer)
    clearImmediate(turn)
  }
  return {
    set: (inMs, ring) => {
      clear()
      if (inMs > TIMER_MS) timer = setTimeout(ring, Math.floor(inMs - TIMER_MS))
      else turn = setImmediate(ring)
    },
    clear,
  }
}
