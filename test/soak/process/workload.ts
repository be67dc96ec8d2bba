import { KINDS, SCOUT_NAMES, SCOUTS } from '../keys.js'
import { IDENTIFIERS, LIMITERS } from '../limiters.js'
import type { Operations } from './operations.js'

const SHARE = { scout: 0.08, check: 0.06, change: 0.04 }

/** Begins one operation, drawn at random. */
export function workload(name: string, operations: Operations, random: () => number): () => void {
  // Whoever takes the place of a process that was killed goes on with its names.
  const place = name.slice(0, 1)
  let scouts = 0
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const anyKey = () => {
    const kind = any(KINDS)
    return `soak:${kind.name}:${Math.floor(random() * kind.count)}`
  }
  return () => {
    const draw = random()
    if (draw < SHARE.scout) {
      const number = scouts++ % SCOUT_NAMES
      return operations.read(`soak:${SCOUTS[number % SCOUTS.length]!.name}:${place}:${number}`)
    }
    if (draw < SHARE.scout + SHARE.check) return operations.check(any(LIMITERS).name, any(IDENTIFIERS))
    if (draw < SHARE.scout + SHARE.check + SHARE.change) return operations.change(anyKey())
    return operations.read(anyKey())
  }
}
