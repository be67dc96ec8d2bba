import { KEY_PREFIX, keysOf } from '../../experiment/keys.js'
import { seededRandom, type Random } from '../../experiment/random.js'
import type { VersionedValue } from '../../experiment/subjects/subject.js'
import type { TrafficFamily } from './traffic.js'
import { zipf } from './zipf.js'

/** What is stored: a version, filled up to the size that it is to have. */
interface PaddedValue extends VersionedValue {
  pad: string
}

/** The keys of one family, by number; the first is asked for most. */
export interface TrafficKeys {
  readonly count: number
  name(number: number): string
  value(number: number, version: number): PaddedValue
  draw(): number
}

/** @param prefix on a server that others use, too: what all keys of the run begin with */
export function familyKeys(
  { pattern, keys, skew, bytes }: TrafficFamily,
  { seed, random, prefix }: { seed: number; random: Random; prefix?: string | undefined },
): TrafficKeys {
  const parts = pattern.split(/\{[^}]*\}/)
  if (prefix !== undefined) parts[0] = `${prefix}:${parts[0]}`
  const name = (number: number) => parts.join(String(number))
  const drawSize = seededRandom(seed)
  const sizes = Uint32Array.from({ length: keys }, () => bytes[Math.floor(drawSize() * bytes.length)] ?? 0)
  return {
    count: keys,
    name,
    value: (number, version) => padded({ key: name(number), version, pad: '' }, sizes[number] ?? 0),
    draw: zipf(keys, skew, random),
  }
}

/** Of a subject that knows its keys itself, and has nothing under any other. */
export function drillKeys({ skew }: Pick<TrafficFamily, 'skew'>, random: Random): TrafficKeys {
  const names = keysOf('workload')
  const name = (number: number) => names[number] ?? KEY_PREFIX
  return {
    count: names.length,
    name,
    value: (number, version) => ({ key: name(number), version, pad: '' }),
    draw: zipf(names.length, skew, random),
  }
}

function padded(value: PaddedValue, bytes: number): PaddedValue {
  // A pattern may hold anything, and what JSON escapes takes more.
  const bare = Buffer.byteLength(JSON.stringify(value))
  return bare >= bytes ? value : { ...value, pad: 'x'.repeat(bytes - bare) }
}
