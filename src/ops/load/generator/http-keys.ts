import { KEY_TRAFFIC, type Probe } from '../../config/probes/probe.js'
import { fill } from '../../experiment/app/fill.js'
import type { Random } from '../../experiment/random.js'
import type { Surface } from './messages.js'
import { outcomeOf } from './outcome.js'
import type { Call } from './performer.js'
import { zipf } from './zipf.js'

const AT_ONCE = 16
const READ = outcomeOf('read', 0)
const PUT = outcomeOf('put', 0)

/** The reads and writes of keys that an app declares. */
export interface HttpKeys {
  draw(): Call
  /** Has every key written, where that is declared, and read. Tells for which share of them both went well. */
  warm(isTime: () => boolean): Promise<number>
}

type Send = (probe: Probe) => Promise<number | null>
type Declared = Pick<Extract<Surface, { type: 'http' }>, 'declared' | 'keyPrefix'>

/** Null when the app declares no read. */
export function httpKeys({ declared, keyPrefix }: Declared, send: Send, random: Random): HttpKeys | null {
  const { read, write } = declared
  if (!read) return null
  const { count, skew, writes } = declared.keys ?? KEY_TRAFFIC
  const pick = zipf(count, skew, random)
  /** Made when a key is first asked for: there may be many. */
  const reads = new Map<number, Call>()
  const versions = new Map<number, number>()

  const readOf = (index: number): Call => {
    let call = reads.get(index)
    if (!call) {
      const probe = fill<Probe>(read, { key: `${keyPrefix}${index}` })
      call = { outcome: READ, start: () => withBits(READ, send(probe)) }
      reads.set(index, call)
    }
    return call
  }
  const put = (probe: Probe, index: number) => {
    const version = (versions.get(index) ?? 0) + 1
    versions.set(index, version)
    return send(fill(probe, { key: `${keyPrefix}${index}`, version: String(version) }))
  }

  return {
    draw: () => {
      const index = pick()
      if (!write || random() >= writes) return readOf(index)
      return { outcome: PUT, start: () => withBits(PUT, put(write, index)) }
    },
    warm: async (isTime) => {
      let next = 0
      let good = 0
      const some = async () => {
        while (next < count && isTime()) {
          const index = next++
          const isWritten = !write || (await put(write, index)) === 0
          if (isWritten && (await readOf(index).start()) === READ) good += 1
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, some))
      return good / count
    },
  }
}

export async function withBits(outcome: number, sent: Promise<number | null>): Promise<number | null> {
  const bits = await sent
  return bits === null ? null : outcome | bits
}
