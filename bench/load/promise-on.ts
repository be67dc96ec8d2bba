import { readable } from '../statistics.js'
import { inconclusive, promise } from '../table.js'

/** Where a thread that has nothing else to do is later than this, the machine would be measured. */
const MACHINE_MS = 5

/** A promise about time. Where it is missed on a machine that is late by itself, nobody can tell whose doing that is. */
export function promiseOn(machineMs: number, text: string, measured: string, kept: boolean): void {
  if (kept || machineMs <= MACHINE_MS) promise(text, measured, kept)
  else inconclusive(text, `${measured}, and the machine itself is ${readable(machineMs)} late (p99)`)
}
