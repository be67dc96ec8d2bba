import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { goodMeasurement, operation, withMore } from './measurements.js'

const good = goodMeasurement()
const clear = { error: 'StoreError: conversations: getConversation: nobody answers', clear: true } as const
const sourceTaken = { sourceTaken: true } as const
const failing = (atMs: number, changed: Partial<OperationRecord> = {}) =>
  operation(atMs, { ...clear, version: null, source: null, ...changed })
const hitsInTheFault = good.operations.map((each) => ({ ...each, source: 'hit' as const }))
const hitting = (more: OperationRecord[], changed: Partial<Measurement> = {}) =>
  goodMeasurement({ operations: [...hitsInTheFault, ...more], ...sourceTaken, ...changed })
const relied = good.instances.map((each) => ({ ...each, relied: ['read'], methods: ['read'] }))
const asked = (viewer: 'stranger' | 'outsider', changed: Partial<OperationRecord> = {}) =>
  operation(4500, { key: 'drill:workload:4', viewer, ...changed })

/** Of subjects with a source of truth of their own: when it is what fails, and who sees what. */
export const sourceRows: ClauseRow[] = [
  {
    clause: 'C1',
    when: 'the source is away and who needs it is told so',
    measurement: hitting([failing(2000), failing(3990, { endMs: 4100 })]),
    result: 'pass',
    says: /2 operations needed the source and got a clear error; 120 reads answered from the cache/,
  },
  {
    clause: 'C1',
    when: 'the source is away and the error does not say so',
    measurement: hitting([operation(2000, { error: 'Error: fetch failed', version: null })]),
    result: 'fail',
    says: /1 operation threw without saying by its type what failed/,
  },
  {
    clause: 'C1',
    when: 'the source is back and somebody still gets the error',
    measurement: hitting([failing(4500)]),
    result: 'fail',
    says: /1 operation threw while the source was well/,
  },
  {
    clause: 'C1',
    when: 'a process whose path to the source is well gets an error',
    measurement: hitting([failing(2000, { process: 'second' })]),
    result: 'fail',
    says: /while the source was well/,
  },
  {
    clause: 'C1',
    when: 'the source is away and nothing is answered from the cache any more',
    measurement: goodMeasurement({ ...sourceTaken }),
    result: 'fail',
    says: /No read was answered from the cache/,
  },
  {
    clause: 'C1',
    when: 'the source is away and the backend is as well',
    measurement: goodMeasurement({ ...sourceTaken, backendTaken: true }),
    result: 'pass',
  },
  {
    clause: 'C1',
    when: 'the backend is away and an error says that the source is',
    measurement: withMore([failing(2000)]),
    result: 'fail',
  },

  {
    clause: 'C2',
    when: 'a stranger is told that there is nothing for him',
    measurement: withMore([asked('stranger', { denied: true, version: null })]),
    result: 'pass',
    says: /none of the 1 by somebody else than the owner/,
  },
  {
    clause: 'C2',
    when: 'an owner is told that there is nothing for him',
    measurement: withMore([operation(2000, { version: null, viewer: 'owner' })]),
    result: 'fail',
    says: /never written/,
  },
  {
    clause: 'C2',
    when: 'a stranger sees what is not shared with him',
    measurement: withMore([asked('stranger', { forbidden: true })]),
    result: 'fail',
    says: /1 read answered somebody with whom it is not shared \(drill:workload:4 was shown to a stranger/,
  },
  {
    clause: 'C2',
    when: 'somebody of another tenant sees it, long after the heal',
    measurement: withMore([asked('outsider', { forbidden: true })]),
    result: 'fail',
    says: /another tenant/,
  },
  {
    clause: 'C2',
    when: 'a stranger of an app sees what is not shared with him',
    measurement: { ...withMore([asked('stranger', { forbidden: true, version: null })]), isAlone: true },
    result: 'fail',
    says: /was shown to a stranger\)\./,
  },
  {
    clause: 'C2',
    when: 'a hit has other content than the miss had',
    measurement: withMore([operation(2000, { version: 1, altered: true })]),
    result: 'fail',
    says: /1 read answered other content than an earlier one of the same version \(\S+, version 1\)/,
    advises: /revive each field/,
  },
  {
    clause: 'C2',
    when: 'an answer had been changed by another caller',
    measurement: withMore([operation(2000, { version: 1, group: 'joined', shared: true })]),
    result: 'fail',
    says: /1 read answered an object that another caller had changed meanwhile/,
    advises: /parse it for each caller/,
  },
  {
    clause: 'C2',
    when: 'a failure of the source was answered',
    measurement: hitting([operation(2000, { version: null })]),
    result: 'fail',
    says: /never written/,
  },

  {
    clause: 'C5',
    when: 'callers rely on other methods than those of a cache',
    measurement: goodMeasurement({ instances: relied }),
    result: 'pass',
    says: /each with read/,
  },
  {
    clause: 'C5',
    when: 'one of them is missing',
    measurement: goodMeasurement({ instances: relied.map((each) => ({ ...each, methods: [] })) }),
    result: 'fail',
    says: /without read/,
  },

  {
    clause: 'C7',
    when: 'each write reads the source first, in place of the cache',
    measurement: withWrites({ writesRead: true }),
    result: 'pass',
  },
  {
    clause: 'C7',
    when: 'each write reads the source, and no write has to',
    measurement: withWrites({}),
    result: 'fail',
  },
]

/** As many writes as reads in the fault, each with a read of the source. */
function withWrites(changed: Partial<Measurement>): Measurement {
  const since = good.operations.filter(({ dueMs, process }) => process === 'main' && dueMs >= 1000)
  const writes = since.map(({ dueMs }) =>
    operation(dueMs, { kind: 'put', key: 'drill:contested:1', source: null }),
  )
  const loads = [...since, ...writes].map(({ key, startMs }) => ({
    key,
    process: 'main' as const,
    atMs: startMs,
  }))
  return withMore(writes, [], { loads, ...changed })
}
