import { askedIn, OUTCOME } from './generator/outcome.js'
import { SLOT_MS, type Slot } from './load-run.js'

/** The quarters of a second since the first instant of `before`, as they come to be. */
export interface Slots {
  /** @param endMs NaN: it was never answered @param isSlow what it is called, when it was answered */
  count(outcome: number, dueMs: number, endMs: number, isSlow: boolean): void
  load(atMs: number): void
  until(endMs: number): Slot[]
}

export function createSlots(): Slots {
  const slots: Slot[] = []
  const nth = (index: number) => {
    while (slots.length <= index) slots.push(emptySlot(slots.length * SLOT_MS))
    return slots[index]!
  }
  const at = (atMs: number) => nth(Math.max(0, Math.floor(atMs / SLOT_MS)))
  return {
    count: (outcome, dueMs, endMs, isSlow) => {
      const slot = at(dueMs)
      slot.sent += 1
      if (Number.isNaN(endMs)) {
        slot.pending += 1
        return
      }
      if (isSlow) slot.slow += 1
      if (outcome & OUTCOME.error) {
        slot.errors += 1
        return
      }
      if (askedIn(outcome) !== 'read' || outcome & OUTCOME.denied) return
      slot.reads += 1
      if (outcome & OUTCOME.hit) slot.hits += 1
      if (outcome & OUTCOME.fallback) slot.fallbacks += 1
    },
    load: (atMs) => {
      at(atMs).loads += 1
    },
    until: (endMs) => {
      if (endMs > 0) nth(Math.ceil(endMs / SLOT_MS) - 1)
      return slots
    },
  }
}

function emptySlot(atMs: number): Slot {
  return { atMs, sent: 0, errors: 0, pending: 0, slow: 0, reads: 0, hits: 0, fallbacks: 0, loads: 0 }
}
