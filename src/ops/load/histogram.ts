import { inflateSync } from 'node:zlib'
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
} from 'hdr-histogram-js'

/** What is recorded is in whole microseconds, so that a value of a millisecond has the digits it needs. */
const US_PER_MS = 1000
/** Beyond any answer that is waited for. */
const HIGHEST_MS = 3_600_000

/** How long things took, in a form whose size depends on neither how many nor for how long. */
export interface Histogram {
  readonly count: number
  /** 0 without any. */
  readonly maxMs: number
  record(ms: number): void
  /** The time that this share of the values does not exceed, at most 0.1 % too high; null without any. */
  quantileMs(share: number): number | null
  /** Exact: as if every value of the other one had been recorded here. */
  add(other: Histogram): void
  /** By how much all values together exceed that, those of one bucket (0.1 %) taken as its middle. */
  beyondMs(limitMs: number): number
  /** How many exceed a value, those of its own bucket (0.1 %) not among them; of what has been recorded by now. */
  tail(): (limitMs: number) => number
  /** HdrHistogram's compressed form (V2) in base64, in microseconds, which its tools in other languages read. */
  encode(): string
  /** The percentile distribution as HdrHistogram prints it, `.hgrm`, in milliseconds. */
  hgrm(): string
}

export function createHistogram(): Histogram {
  return wrap(
    build({
      bitBucketSize: 32,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: 3,
      useWebAssembly: false,
    }),
  )
}

/** A histogram of hours, every bucket of it filled, takes a quarter of it before it is compressed. */
const LARGEST_BYTES = 1024 * 1024
/** In front of what is compressed: what it is, and how long. */
const HEADER_BYTES = 8

/** Throws when it is no such text, or one that is larger than any histogram once it is unpacked. */
export function decodeHistogram(text: string): Histogram {
  inflateSync(Buffer.from(text, 'base64').subarray(HEADER_BYTES), { maxOutputLength: LARGEST_BYTES })
  const hdr = decodeFromCompressedBase64(text, 32, false)
  // Or it would take nothing longer than what is in it.
  hdr.autoResize = true
  return wrap(hdr)
}

type Hdr = ReturnType<typeof build>
const innards = new WeakMap<Histogram, Hdr>()

function wrap(hdr: Hdr): Histogram {
  const own: Histogram = {
    get count() {
      return hdr.totalCount
    },
    get maxMs() {
      return hdr.totalCount === 0 ? 0 : hdr.maxValue / US_PER_MS
    },
    record: (ms) => hdr.recordValue(Math.round(Math.min(Math.max(ms, 0), HIGHEST_MS) * US_PER_MS)),
    quantileMs: (share) => (hdr.totalCount === 0 ? null : hdr.getValueAtPercentile(share * 100) / US_PER_MS),
    add: (other) => {
      const theirs = innards.get(other)
      if (theirs) hdr.add(theirs as never)
    },
    beyondMs: (limitMs) => {
      // Not WebAssembly's, so it is this one.
      const js = hdr as JsHistogram
      const values = js.recordedValuesIterator
      values.reset()
      let sum = 0
      while (hdr.totalCount > 0 && values.hasNext()) {
        const { valueIteratedTo, countAtValueIteratedTo } = values.next()
        const middleMs = js.medianEquivalentValue(valueIteratedTo) / US_PER_MS
        sum += countAtValueIteratedTo * Math.max(0, middleMs - limitMs)
      }
      return sum
    },
    tail: () => {
      const js = hdr as JsHistogram
      const values = js.recordedValuesIterator
      values.reset()
      // The value that stands for its bucket is the greatest in it.
      const upTo: { value: number; count: number }[] = []
      while (hdr.totalCount > 0 && values.hasNext()) {
        const { valueIteratedTo: value, totalCountToThisValue: count } = values.next()
        upTo.push({ value, count })
      }
      return (limitMs) => {
        const limit = js.highestEquivalentValue(Math.round(limitMs * US_PER_MS))
        return hdr.totalCount - (upTo[lastWithin(upTo, limit)]?.count ?? 0)
      }
    },
    encode: () => encodeIntoCompressedBase64(hdr),
    hgrm: () => hdr.outputPercentileDistribution(5, US_PER_MS),
  }
  innards.set(own, hdr)
  return own
}

/** The last that is not above the limit; -1 without one. Values rise. */
function lastWithin(rising: readonly { value: number }[], limit: number): number {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (rising[middle]!.value <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
