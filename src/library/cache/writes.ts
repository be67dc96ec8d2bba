import type { Clock } from '../kernel/clock.js'
import type { Invalidation } from './invalidation.js'
import type { Journal } from './journal.js'
import type { Loader } from './loader.js'
import type { Expectation, Observations } from './observations.js'
import type { OperationReport } from './operation-report.js'
import type { ValueCodec } from './value-codec.js'
import type { ValueWriter, WriteEnd } from './value-writer.js'

interface WritesOptions<T> {
  clock: Clock
  codec: ValueCodec<T>
  writer: ValueWriter
  invalidation: Invalidation
  journal: Journal
  observations: Observations
  loader: Loader<T>
  report: OperationReport
  usesTombstones: boolean
  /** Hears that `refusal` may have changed. */
  onChange: () => void
}

/** Whatever changes what stands in the backend. Never rejects. */
export class Writes<T> {
  readonly #options: WritesOptions<T>
  #refusal: string | null = null

  constructor(options: WritesOptions<T>) {
    this.#options = options
  }

  /** Why the backend declined the latest write, as an error type; null when it did not. */
  get refusal(): string | null {
    return this.#refusal
  }

  async set(key: string, value: T, ttlSeconds: number | undefined): Promise<void> {
    const { clock, codec, invalidation, journal, loader, observations, report, usesTombstones, writer } =
      this.#options
    if (!report.accepts('set', key)) return
    const startedAt = clock.now()
    const expectation = usesTombstones ? observations.expectation(key) : '*'
    observations.loadEnded(key)
    loader.forget(key)
    const encoded = codec.encode(value)
    if (encoded.refused !== null) {
      await invalidation.supersede(key, null, false)
      return report.ended('set', 'refused', startedAt, encoded.refused)
    }
    // Until its invalidation is delivered nothing may stand under this key.
    if (journal.has(key)) return report.ended('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    const text = codec.stored(key, encoded.text)
    const end = await writer.write(key, text, ttlSeconds, expectation, startedAt)
    if (end.result === 'ok') {
      observations.stored(key, text)
      invalidation.replaced(key)
    } else if (end.olderMayStand) {
      const backendFailed = end.outcome !== null && !end.outcome.ok && end.outcome.backendFailed
      await invalidation.supersede(key, text, backendFailed)
    }
    this.#ended('set', end, startedAt)
  }

  /** Stores what a load brought, for the next reader; the caller has got it already. */
  async fill(
    key: string,
    text: string,
    ttlSeconds: number | undefined,
    expectation: Expectation,
  ): Promise<void> {
    const { clock, invalidation, observations, report, usesTombstones, writer } = this.#options
    const startedAt = clock.now()
    if (invalidation.isPending(key))
      return report.ended('set', 'short_circuit', startedAt, 'INVALIDATION_PENDING')
    const end = await writer.write(key, text, ttlSeconds, usesTombstones ? expectation : '*', startedAt)
    if (end.result === 'ok') observations.stored(key, text)
    this.#ended('set', end, startedAt)
  }

  async del(key: string): Promise<void> {
    const { clock, invalidation, loader, report } = this.#options
    if (!report.accepts('del', key)) return
    const startedAt = clock.now()
    loader.forget(key)
    const outcome = await invalidation.invalidate(key)
    const end = outcome.ok ? { result: 'ok' as const, errorType: null } : outcome
    this.#ended('del', { ...end, outcome }, startedAt)
  }

  #ended(
    operation: 'set' | 'del',
    { result, errorType, outcome }: Pick<WriteEnd, 'result' | 'errorType' | 'outcome'>,
    startedAt: number,
  ): void {
    const { report, onChange } = this.#options
    // Only the backend's own answer tells whether it takes writes.
    if (outcome && (outcome.ok || result === 'refused')) {
      // A tombstone for which there was no memory was followed by a plain DEL.
      this.#refusal = outcome.ok ? (outcome.value === 'by plain DEL' ? 'OOM' : null) : errorType
      onChange()
    }
    report.ended(operation, result, startedAt, errorType)
  }
}
