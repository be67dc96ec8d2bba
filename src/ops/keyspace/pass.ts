import type { OperatorClient } from '../../library/backends/operator.js'
import type { ReportError } from '../report/report.js'
import { asReportError, isGivenUp } from './as-report-error.js'
import { CountedKeys, type CountOptions, type Picked } from './counted-keys.js'
import type { NodePosition } from './cursor.js'
import type { DeclaredFamily } from './families.js'
import { measureKeys, type Measured } from './measure.js'
import { onlyBare } from './only-bare.js'
import { createPace, type Pace } from './pace.js'
import { scanPages, type Page } from './scan.js'

export interface PassOptions extends CountOptions {
  /** Where the pass begins, node after node. */
  positions: readonly NodePosition[]
  match: string | null
  /** Only keys without a TTL; every key is asked for it. */
  noTtl?: boolean
  /** Stop after this many keys. */
  limit: number | null
  gentle: boolean
  signal?: AbortSignal | undefined
  /** How many keys the pass has gone over, also those that were not asked for. */
  onProgress(keys: number): void
  /** Keys that were measured, page by page. What it returns is waited for. */
  onMeasured?: ((keys: readonly MeasuredKey[]) => Promise<void> | void) | undefined
}

/** One key as it came by. */
export interface MeasuredKey {
  key: Buffer
  family: DeclaredFamily | null
  measured: Measured
}

/** One node as the pass left it. */
export interface NodePass extends NodePosition {
  keysSeen: number
  error: ReportError | null
}

/** One pass over the keys: counts all, measures a sample of each kind as it comes by. What it has is valid at any time. */
export class Pass {
  readonly #options: PassOptions
  readonly nodes: readonly NodePass[]
  readonly keys: CountedKeys
  #walked = 0

  constructor(options: PassOptions) {
    this.#options = options
    this.nodes = options.positions.map((position) => ({ ...position, keysSeen: 0, error: null }))
    this.keys = new CountedKeys(options)
  }

  get complete(): boolean {
    return this.nodes.every(({ complete }) => complete)
  }

  /** What broke it off, on the first node where something did. */
  get error(): ReportError | null {
    return this.nodes.find(({ error }) => error)?.error ?? null
  }

  /**
   * Ends when it is through, at the limit, or when the signal aborts. Never rejects but for a bug: a node that fails has
   * its `error`, and the next one follows.
   */
  async run(): Promise<void> {
    for (const node of this.nodes) {
      if (this.#options.signal?.aborted || this.#isEnough) return
      try {
        await this.#walk(node)
      } catch (error) {
        // A server that hung when the signal aborted was not waited for, which is no error of its own.
        if (!isGivenUp(error)) node.error = asReportError(error)
      }
    }
  }

  get #isEnough(): boolean {
    const { limit } = this.#options
    return limit !== null && this.keys.size >= limit
  }

  async #walk(node: NodePass): Promise<void> {
    const { family, match, signal, gentle, limit, perFamily } = this.#options
    const steps = Number.isFinite(perFamily) ? 'counting' : 'measuring'
    const pace = createPace({ gentle, steps, signal, limit })
    const glob = family?.pattern.scanPattern ?? match ?? undefined
    const pages = scanPages(node.node.client, { match: glob, from: node.cursor, pace, signal })
    let before: Promise<void> | null = null
    for await (const page of pages) {
      const looked = this.#look(node, page, pace)
      // Its failure is met when it is awaited.
      looked.catch(() => {})
      await before
      // A page may be through before the one that came first, and stands for it as well.
      before = looked.then(() => this.#passed(node, page, glob === undefined ? page.keys.length : pace.count))
      before.catch(() => {})
      // The server measures this page while we ask for the next one and add up the one before.
      if (!pace.ahead) await before
      if (this.#isEnough) break
    }
    await before
  }

  #passed(node: NodePass, { cursor }: Page, walked: number): void {
    node.cursor = cursor
    node.complete = cursor === '0'
    this.#walked += walked
    this.#options.onProgress(this.#walked)
  }

  async #look(node: NodePass, { keys }: Page, pace: Pace): Promise<void> {
    const { client } = node.node
    const fresh = keys.filter((key) => this.keys.isNew(key))
    const meant = this.#options.noTtl ? await onlyBare(client, fresh, pace) : fresh
    this.keys.leaveOut(fresh.length - meant.length)
    const before = this.keys.size
    const picked = meant.flatMap((key) => this.keys.count(key) ?? [])
    // Those that were not asked for are left out while they are counted.
    node.keysSeen += meant.length + this.keys.size - before
    const batches: Promise<void>[] = []
    for (let at = 0; at < picked.length; at += pace.measured) {
      const batch = this.#measure(client, picked.slice(at, at + pace.measured), pace)
      batches.push(batch)
      if (!pace.ahead) await batch
    }
    await Promise.all(batches)
  }

  async #measure(client: OperatorClient, picked: readonly Picked[], pace: Pace): Promise<void> {
    const { onMeasured } = this.#options
    const keys = picked.map(({ key }) => key)
    const measured = await pace.run(() => measureKeys(client, keys))
    for (const [index, { tally, place, key }] of picked.entries()) tally.put(place, key, measured[index])
    await onMeasured?.(picked.map(({ key, family }, index) => ({ key, family, measured: measured[index] })))
  }
}
