import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/clock.js'

/** What a write is compared with on the server: see the store script. */
export type Expectation = string | 'too-late'

interface Observation {
  /** What must still stand there: nothing, somebody's tombstone, our own one, or this text. */
  kind: 'absent' | 'tombstone' | 'own' | 'value'
  text: string
  /** When it was seen; with loads under way, when the oldest of them asked. */
  at: number
  /** Reads that found nothing and were not followed by a set: their callers may be loading. */
  loads: number
  /** When the latest of them asked. */
  lastLoadAt: number
  /** On which the latest of them asked. */
  connection: number | null
  /** Until then a write may stem from a load older than what stands there, and nobody knows which. */
  blockedUntil: number
}

const NO_LOADS = { loads: 0, lastLoadAt: 0, connection: null } as const
const MAX_KEYS = 10_000
const MAX_TEXT = 4 * 1024 * 1024
/** Longer values are not remembered; a write over one is then checked against tombstones only. */
const MAX_TEXT_EACH = 64 * 1024

/**
 * What this process last saw under each key and who may be loading it, so that a write can prove that nothing happened
 * since its load began. Bounded; it never answers a read. What was forgotten only makes a write less choosy: tombstones
 * stop it all the same.
 */
export class Observations {
  readonly #clock: Clock
  readonly #windowMs: number
  /** Apart from what was merely seen, which a busy process would push them out with. */
  readonly #vital = new Map<string, Observation>()
  readonly #seen = new Map<string, Observation>()
  readonly #connection: () => number | null
  #textLength = 0

  /**
   * @param windowMs how long an observation vouches for what followed it; shorter than a tombstone lives
   * @param connection number of the connection in use: over another one no load is believed
   */
  constructor(clock: Clock, windowMs: number, connection: () => number | null = () => null) {
    this.#clock = clock
    this.#windowMs = windowMs
    this.#connection = connection
  }

  /** A read, sent at `askedAt`, found no value; `tombstone` is the one that stood there, or `''`. */
  missed(key: string, tombstone: string, askedAt = this.#clock.now()): void {
    this.#loadBegan(key, tombstone === '' ? 'absent' : 'tombstone', tombstone, askedAt)
  }

  /** A read found a text that its caller cannot use, so it loads what shall replace it. */
  useless(key: string, text: string, askedAt = this.#clock.now()): void {
    if (text.length > MAX_TEXT_EACH) this.forget(key)
    else this.#loadBegan(key, 'value', text, askedAt)
  }

  /** A read got no answer, so its caller loads without knowing what stands there. */
  unanswered(key: string, askedAt = this.#clock.now()): void {
    const known = this.#find(key)
    this.#loadBegan(key, known?.kind ?? 'absent', known?.text ?? '', askedAt)
  }

  /** A read returned this text. */
  saw(key: string, text: string): void {
    const now = this.#clock.now()
    const known = this.#find(key)
    if (known) {
      // The loads under way began before it: what they write must not be taken for something newer.
      if (this.#isLoading(known, now)) return
      if (known.kind === 'value' && known.text === text) {
        known.at = now
        return
      }
    }
    this.#replace(key, known, text, now)
  }

  /** A write of ours stored this text. */
  stored(key: string, text: string): void {
    const now = this.#clock.now()
    const known = this.#find(key)
    if (!known || !this.#isLoading(known, now)) return this.#replace(key, known, text, now)
    const remembered = text.length <= MAX_TEXT_EACH
    this.#put(key, {
      ...known,
      kind: remembered ? 'value' : 'absent',
      text: remembered ? text : '',
    })
  }

  /** Our own `del` left this tombstone. Whatever this process writes next is taken for newer. */
  deleted(key: string, tombstone: string): void {
    const at = this.#clock.now()
    this.#put(key, { ...NO_LOADS, kind: 'own', text: tombstone, at, blockedUntil: -Infinity })
  }

  /**
   * A tombstone of ours that no `del` just asked for: it took away what a lost write was to replace, or came late. It does
   * not make the loads under way newer than what others did meanwhile.
   */
  takenAway(key: string, tombstone: string): void {
    const at = this.#clock.now()
    const blockedUntil = this.#blockedUntil(this.#find(key), at)
    this.#put(key, { ...NO_LOADS, kind: 'tombstone', text: tombstone, at, blockedUntil })
  }

  /** What the next write of this key must find; `too-late` when it must not be sent at all. */
  expectation(key: string): Expectation {
    const known = this.#find(key)
    if (!known) return '*'
    const now = this.#clock.now()
    const stillVouches = now - known.at < this.#windowMs
    if (known.blockedUntil > now) return 'too-late'
    if (known.loads > 0 && !(stillVouches && known.connection === this.#connection())) return 'too-late'
    if (known.kind === 'own') return `t${known.text}`
    if (!stillVouches) return '*'
    if (known.kind === 'value') return `v${sha1(known.text)}`
    return known.kind === 'absent' ? '-' : `t${known.text}`
  }

  /** Somebody sets the key, so one load is over. */
  loadEnded(key: string): void {
    const known = this.#find(key)
    if (known && known.loads > 0) this.#put(key, { ...known, loads: known.loads - 1 })
  }

  forget(key: string): void {
    const known = this.#find(key)
    if (!known) return
    this.#textLength -= known.text.length
    if (!this.#vital.delete(key)) this.#seen.delete(key)
  }

  clear(): void {
    this.#vital.clear()
    this.#seen.clear()
    this.#textLength = 0
  }

  #loadBegan(key: string, kind: Observation['kind'], text: string, askedAt: number): void {
    const known = this.#find(key)
    const connection = this.#connection()
    const unchanged = known?.text === text && (known.kind === kind || known.kind === 'own')
    const isSameConnection = known?.connection === connection
    if (known && unchanged && isSameConnection && this.#isLoading(known, askedAt)) {
      known.loads++
      known.lastLoadAt = askedAt
      return
    }
    this.#put(key, {
      kind: unchanged ? known.kind : kind,
      text,
      at: askedAt,
      loads: 1,
      lastLoadAt: askedAt,
      connection,
      blockedUntil: this.#blockedUntil(known, askedAt),
    })
  }

  /** Where `known` no longer holds: until the loads that relied on it are too old to be stored. */
  #blockedUntil(known: Observation | undefined, now: number): number {
    if (!known) return -Infinity
    if (!this.#isLoading(known, now)) return known.blockedUntil
    return Math.max(known.blockedUntil, known.lastLoadAt + this.#windowMs)
  }

  #isLoading(known: Observation, now: number): boolean {
    return known.loads > 0 && now - known.lastLoadAt < this.#windowMs
  }

  #replace(key: string, known: Observation | undefined, text: string, now: number): void {
    const blockedUntil = known?.blockedUntil ?? -Infinity
    if (text.length <= MAX_TEXT_EACH) {
      this.#put(key, { ...NO_LOADS, kind: 'value', text, at: now, blockedUntil })
    } else if (blockedUntil <= now) this.forget(key)
  }

  #find(key: string): Observation | undefined {
    return this.#vital.get(key) ?? this.#seen.get(key)
  }

  #put(key: string, observation: Observation): void {
    this.forget(key)
    const { loads, kind, blockedUntil, text } = observation
    const isVital = loads > 0 || kind === 'own' || blockedUntil > this.#clock.now()
    const entries = isVital ? this.#vital : this.#seen
    entries.set(key, observation)
    this.#textLength += text.length
    this.#forgetOldest(this.#seen)
    this.#forgetOldest(this.#vital)
  }

  #forgetOldest(entries: Map<string, Observation>): void {
    if (entries.size <= MAX_KEYS && this.#textLength <= MAX_TEXT) return
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_KEYS && this.#textLength <= MAX_TEXT) return
      this.forget(oldest)
    }
  }
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
