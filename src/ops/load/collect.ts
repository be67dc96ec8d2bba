import type { Sight } from '../experiment/lookout.js'
import type { LimiterDeclaration } from '../experiment/limiting.js'
import type { Signal } from '../experiment/measurement.js'
import { monotonicMs } from '../experiment/monotonic.js'
import type { Batch, FromWorker, LoadVitals } from './generator/messages.js'
import { OUTCOME } from './generator/outcome.js'
import type { Traffic } from './generator/traffic.js'
import { familyOf } from './part-names.js'
import { createTally, type Tally, type TallyPlan } from './tally.js'
import type { LoadTarget } from './target.js'
import type { WorkerProcess } from './worker-process.js'

const TAKE_EVERY_MS = 100

/** What is known of a run so far, as it comes in. Times are ms since the first instant of `before`. */
export interface Collected extends Pick<Tally, 'fault' | 'heal' | 'end' | 'result'> {
  /** @param originMs that instant, on the monotonic clock */
  begin(originMs: number): void
  /** Negative before the traffic begins. */
  nowMs(): number
  /** When the worker last handed something in; null: never. */
  heardMs(): number | null
  readonly signals: readonly Signal[]
  readonly limiters: readonly LimiterDeclaration[]
  /** What came in since the last call. */
  sight(): Sight
  /** Resolves when the worker has handed in everything. */
  readonly finished: Promise<void>
  stop(): void
}

/** @param isWatched whether anybody asks for `sight`; what came in is kept for him then */
export function collect(
  worker: Pick<WorkerProcess, 'onMessage'>,
  target: LoadTarget,
  plan: TallyPlan & { traffic: Pick<Traffic, 'families'> },
  isWatched: boolean,
): Collected {
  let limiters: readonly LimiterDeclaration[] = target.limiters
  const { partOf = familyOf(plan.traffic.families, () => limiters) } = target
  const tally = createTally({ ...plan, partOf })
  const signals: Signal[] = []
  let originMs: number | undefined
  let heardMs: number | null = null
  let unseen: Batch[] = []
  let vitals: LoadVitals | null = null
  let timer: NodeJS.Timeout | undefined
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const nowMs = () => (originMs === undefined ? -1 : monotonicMs() - originMs)

  const add = (batch: Batch) => {
    heardMs = nowMs()
    tally.add(batch, heardMs)
    if (isWatched) unseen.push(batch)
  }
  const look = (records: readonly LoadVitals[]) => {
    tally.vitals(records)
    vitals = records.at(-1) ?? vitals
  }
  const take = () => {
    const taken = target.take()
    tally.loads(taken.loads)
    look(taken.vitals)
    signals.push(...taken.signals)
  }
  const onMessage = (message: FromWorker) => {
    switch (message.type) {
      case 'settled':
        return add(message.batch)
      case 'loads':
        return tally.loads(message.atMs)
      case 'beats':
        return tally.beats(message.lateMs)
      case 'vitals':
        // Of an app the worker is no process.
        return target.surface.type === 'subject' ? look(message.records) : undefined
      case 'signals':
        return void signals.push(...message.signals)
      case 'limiters':
        if (message.limiters.length > 0) limiters = message.limiters
        return
      case 'finished':
        add(message.batch)
        tally.unstarted(message.unstarted)
        return finish()
      case 'prepared':
      case 'warmed':
      case 'forked':
      case 'reaped':
        // Whoever asked waits for these, or watches them.
        return
    }
  }
  worker.onMessage(onMessage)

  return {
    begin: (atMs) => {
      originMs = atMs
      target.begin(atMs)
      timer = setInterval(take, TAKE_EVERY_MS)
    },
    nowMs,
    heardMs: () => heardMs,
    signals,
    get limiters() {
      return limiters
    },
    sight: () => {
      const settled = unseen.flatMap(settledIn)
      unseen = []
      return { settled, vitals }
    },
    finished,
    fault: tally.fault,
    heal: tally.heal,
    end: tally.end,
    result: () => {
      if (originMs !== undefined) take()
      return tally.result()
    },
    stop: () => clearInterval(timer),
  }
}

function settledIn({ dueMs, endMs, outcome }: Batch): Sight['settled'][number][] {
  return Array.from(outcome, (bits, index) => ({
    dueMs: dueMs[index]!,
    endMs: Number.isNaN(endMs[index]) ? null : endMs[index]!,
    error: bits & OUTCOME.error ? 'error' : null,
    ...(bits & OUTCOME.serverError && { status: 500 }),
  }))
}
