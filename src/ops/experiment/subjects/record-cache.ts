import { recordOf, viewerOf, type DrillRecord, type Viewer } from '../records.js'
import type { QueryCount } from './query-count.js'
import type { ReadAnswer, SubjectCache } from './subject.js'

/** A record as a reader got it. */
export interface SeenRecord {
  /** As the record itself has it. */
  id: string
  /** The database's stamp; NaN where the answer has none. */
  version: number
  /** Of a conversation: whether it says that its whole tenant may read it. */
  isShared?: boolean
}

/** Records as an application holds them, whatever it keeps them with. */
export interface Records {
  /** Null where there is nothing for this viewer. */
  read(record: DrillRecord, viewer: Viewer): Promise<SeenRecord | null>
  /**
   * A conversation that is shared is not any more, a login is not valid any more; anything else is changed somehow.
   * @param isRevoked whether that is what is changed
   * @returns the database's stamp of it
   */
  change(record: DrillRecord, isRevoked: boolean): Promise<number>
  status?(): string
  /** Whether an error tells by its type that the source of truth could not do what was asked. */
  isClear(error: unknown): boolean
  close(): Promise<void> | void
}

/** Reads and changes the records that keys stand for; a conversation in turn as its owner, a stranger and an outsider. */
export class RecordCache implements SubjectCache {
  readonly #records: Records
  readonly #queries: QueryCount
  readonly #turns = new Map<string, number>()
  readonly status?: () => string

  /**
   * @param wrapped what the factory under test returned
   * @param relied on which of its methods callers rely
   */
  constructor(
    records: Records,
    queries: QueryCount,
    readonly wrapped: object | null,
    readonly relied: readonly string[],
  ) {
    this.#records = records
    this.#queries = queries
    if (records.status) this.status = () => records.status?.() ?? ''
  }

  /** As the owner; null when it had to be loaded, which also stored it. */
  async get(key: string): Promise<unknown> {
    const { value, loaded } = await this.#readAs('owner', recordOf(key))
    return loaded ? null : value
  }

  set(): Promise<void> {
    return Promise.resolve()
  }

  del(): Promise<void> {
    return Promise.reject(new Error('records are changed, not deleted'))
  }

  async readThrough(key: string): Promise<ReadAnswer> {
    const record = recordOf(key)
    if (record.kind !== 'conversation') return this.#readAs('owner', record)
    const turn = this.#turns.get(key) ?? 0
    this.#turns.set(key, turn + 1)
    const viewer = viewerOf(turn)
    return { ...(await this.#readAs(viewer, record)), viewer }
  }

  change(key: string): Promise<number> {
    const record = recordOf(key)
    return this.#records.change(record, record.isRevocable)
  }

  isClear(error: unknown): boolean {
    return this.#records.isClear(error)
  }

  close(): Promise<void> | void {
    return this.#records.close()
  }

  async #readAs(viewer: Viewer, record: DrillRecord): Promise<ReadAnswer> {
    const { id, key } = record
    const queriesBefore = this.#queries.of(id)
    const seen = await this.#records.read(record, viewer)
    // Whoever asked the source, for this read or for another one of the same record.
    const loaded = this.#queries.of(id) > queriesBefore
    if (seen === null) return { value: null, loaded, ...(viewer !== 'owner' && { denied: true }) }
    const { version } = seen
    const value = {
      key: seen.id === id ? key : 'another record',
      version: Number.isNaN(version) ? null : version,
    }
    const isAllowed = viewer === 'owner' || (viewer === 'stranger' && seen.isShared === true)
    return { value, loaded, ...(!isAllowed && { forbidden: true }) }
  }
}
