import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/clock.js'

/** What a write is compared with on the server: see the store script. */
export type Expectation = string | 'too-late'

interface Observation {
  /** `miss`: a read found nothing to return · `value`: a read or a set left this text · `own`: our own tombstone. */
  kind: 'miss' | 'value' | 'own'
  /** Miss: the tombstone found, or `''`. Value: its text. Own: the tombstone. */
  text: string
  at: number
  /** Reads disagreed about what the key held: until then nobody knows which of them a write belongs to. */
  mixedUntil: number
}

const MAX_KEYS = 10_000
const MAX_TEXT = 4 * 1024 * 1024
/** Longer values are not remembered; a write over one is then checked against tombstones only. */
const MAX_TEXT_EACH = 64 * 1024

/**
 * What this process last saw under each key, so that a write can prove that nothing happened in between. Bounded;
 * it never answers a read. What was forgotten only makes a write less choosy: tombstones stop it all the same.
 */
export class Observations {
  readonly #clock: Clock
  readonly #windowMs: number
  readonly #entries = new Map<string, Observation>()
  #textLength = 0

  /** @param windowMs how long an observation vouches for what followed it; shorter than a tombstone lives */
  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock
    this.#windowMs = windowMs
  }

  /** A read found no value; `tombstone` is the one that stood there, or `''`. */
  missed(key: string, tombstone: string): void {
    const now = this.#clock.now()
    const known = this.#entries.get(key)
    if (known?.kind === 'own' && known.text === tombstone) return
    let at = now
    let mixedUntil = 0
    if (known?.kind === 'miss' && now - known.at < this.#windowMs) {
      // Somebody may still be loading since the earlier miss, and a write cannot say whose it is.
      if (known.text === tombstone) at = known.at
      else mixedUntil = known.at + this.#windowMs
      mixedUntil = Math.max(mixedUntil, known.mixedUntil)
    }
    this.#put(key, { kind: 'miss', text: tombstone, at, mixedUntil })
  }

  /** A read returned this text, or a write stored it. */
  saw(key: string, text: string): void {
    if (text.length > MAX_TEXT_EACH) this.forget(key)
    else this.#put(key, { kind: 'value', text, at: this.#clock.now(), mixedUntil: 0 })
  }

  /** Our own `del` left this tombstone. */
  deleted(key: string, tombstone: string): void {
    this.#put(key, { kind: 'own', text: tombstone, at: this.#clock.now(), mixedUntil: 0 })
  }

  /** What the next write of this key must find; `too-late` when it must not be sent at all. */
  expectation(key: string): Expectation {
    const known = this.#entries.get(key)
    if (!known) return '*'
    if (known.kind === 'own') return `t${known.text}`
    const now = this.#clock.now()
    const stillVouches = now - known.at < this.#windowMs
    if (known.kind === 'value') return stillVouches ? `v${sha1(known.text)}` : '*'
    if (known.mixedUntil > now) return 'too-late'
    if (!stillVouches) {
      this.forget(key)
      return 'too-late'
    }
    return known.text === '' ? '-' : `t${known.text}`
  }

  forget(key: string): void {
    const known = this.#entries.get(key)
    if (!known) return
    this.#textLength -= known.text.length
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
    this.#textLength = 0
  }

  #put(key: string, observation: Observation): void {
    this.forget(key)
    this.#entries.set(key, observation)
    this.#textLength += observation.text.length
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_KEYS && this.#textLength <= MAX_TEXT) return
      this.forget(oldest)
    }
  }
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
