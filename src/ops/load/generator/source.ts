import { seededRandom } from '../../experiment/random.js'
import { nowMs } from './clock.js'
import { Column, floats } from './column.js'
import type { SourceModel } from './traffic.js'

/** The database of the load: it answers versions, takes its time, and never fails. */
export interface Source {
  /** Resolves with the version that is current when it answers. */
  load(): Promise<number>
  /** Resolves with a new version. */
  commit(): Promise<number>
  /** When it began to answer reads since the last call, in order; absolute. */
  takeLoads(): Float64Array
}

/** As many questions as it has connections are answered at a time; others wait in order. */
export function createSource({ latencyMs, connections }: SourceModel, seed: number): Source {
  const random = seededRandom(seed)
  const loads = new Column(floats)
  const waiting: (() => void)[] = []
  let served = 0
  let busy = 0
  let version = 1

  const connection = () => {
    if (busy < connections) {
      busy += 1
      return undefined
    }
    return new Promise<void>((resolve) => waiting.push(resolve))
  }
  const release = () => {
    const next = waiting[served]
    if (!next) {
      busy -= 1
      waiting.length = served = 0
      return
    }
    served += 1
    // Taking the first of a long array moves all others: they are let go of in large parts.
    if (served >= 1024) {
      waiting.splice(0, served)
      served = 0
    }
    next()
  }
  const answer = async (isRead: boolean) => {
    await connection()
    if (isRead) loads.push(nowMs())
    // Whole ms: Node keeps a list for each length that timers have.
    const ms = Math.round(latencyMs * (0.5 + random()))
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
    release()
    return isRead ? version : ++version
  }

  return { load: () => answer(true), commit: () => answer(false), takeLoads: () => loads.take() }
}
