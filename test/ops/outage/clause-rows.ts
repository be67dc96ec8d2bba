import type { Measurement, OperationRecord } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { commandRows } from './command-rows.js'
import { leftoverRows } from './leftover-rows.js'
import { identifierRows } from './identifier-rows.js'
import { limiterRows } from './limiter-rows.js'
import { sourceRows } from './source-rows.js'
import { goodMeasurement, operation, revocations, vitals, withMore, write } from './measurements.js'

const good = goodMeasurement()
const only = (keep: (operation: OperationRecord) => boolean) =>
  goodMeasurement({ operations: good.operations.filter(keep) })
const contested = { key: 'drill:contested:0', group: 'contested' } as const
const theirWrite = write(1500, { key: contested.key, version: 3, process: 'second' })
const ourWrite = write(1010, { key: contested.key, version: 2 })
const instances = (changed: Partial<Measurement['instances'][number]>, condition = 'fault') =>
  goodMeasurement({
    instances: good.instances.map((each) => (each.condition === condition ? { ...each, ...changed } : each)),
  })

/** What was seen from the middle of the fault on. */
const grown = (changed: Parameters<typeof vitals>[1]) =>
  goodMeasurement({
    vitals: good.vitals.map((each) => (each.atMs < 3000 ? each : vitals(each.atMs, { ...changed }))),
  })

/** Measurement → result; every clause has at least one row of each kind. */
export const clauseRows: ClauseRow[] = [
  { clause: 'C1', when: 'nothing throws', measurement: good, result: 'pass', says: /none of 424/ },
  {
    clause: 'C1',
    when: 'one set throws',
    measurement: withMore([operation(2000, { kind: 'put', error: 'Error: read ECONNRESET' })]),
    result: 'fail',
    says: /1 of 425 operations threw .* put in `during`: Error: read ECONNRESET/,
  },
  {
    clause: 'C1',
    when: 'the process ended',
    measurement: goodMeasurement({ died: "the subject's main process ended with exit code 1" }),
    result: 'fail',
    says: /exit code 1/,
  },
  {
    clause: 'C1',
    when: 'nothing was asked during the fault',
    measurement: only(({ phase }) => phase !== 'during'),
    result: 'not judged',
  },

  {
    clause: 'C2',
    when: 'garbage is taken for an answer',
    measurement: withMore([operation(2000, { version: null, foreignKey: '(none)' })]),
    result: 'fail',
    says: /answered what was never written/,
  },
  { clause: 'C2', when: 'every answer is right', measurement: good, result: 'pass' },
  {
    clause: 'C2',
    when: 'an answer is of another key',
    measurement: withMore([operation(4500, { foreignKey: 'drill:workload:7' })]),
    result: 'fail',
    says: /another key .*drill:workload:7/,
  },
  {
    clause: 'C2',
    when: 'a version was never written',
    measurement: withMore([operation(2000, { version: 9 })]),
    result: 'fail',
    says: /never written/,
  },
  {
    clause: 'C2',
    when: 'a version is answered before it was committed',
    measurement: withMore([operation(2000, { key: 'k', version: 2 })], [write(2500, { key: 'k' })]),
    result: 'fail',
  },
  {
    clause: 'C2',
    when: 'a hit is no version at all',
    measurement: withMore([operation(2000, { version: null })]),
    result: 'fail',
    says: /null/,
  },
  {
    clause: 'C2',
    when: 'during the fault a process answers less than it wrote itself',
    measurement: withMore([operation(2000, { key: 'k' })], [write(1500, { key: 'k' })]),
    result: 'fail',
    says: /older version than this process/,
  },
  {
    clause: 'C2',
    when: 'the newer write was acknowledged only after the read began',
    measurement: withMore([operation(2000, { key: 'k' })], [write(1990, { key: 'k', acknowledgedMs: 2001 })]),
    result: 'pass',
  },
  {
    clause: 'C2',
    when: 'during the fault a process cannot know what another one wrote',
    measurement: withMore([operation(2000, contested)], [theirWrite]),
    result: 'pass',
  },
  {
    clause: 'C2',
    when: 'no read was answered',
    measurement: goodMeasurement({ operations: good.operations.map((each) => ({ ...each, endMs: null })) }),
    result: 'not judged',
  },

  { clause: 'C3', when: 'everything takes 1 ms', measurement: good, result: 'pass', says: /nothing pending/ },
  {
    clause: 'C3',
    when: 'one operation never settles',
    measurement: withMore([operation(2000, { endMs: null })]),
    result: 'fail',
    says: /1 of 401 operations were still waiting/,
  },
  {
    clause: 'C3',
    when: 'one operation takes longer than the hard budget',
    measurement: withMore([operation(2000, { endMs: 3001 })]),
    result: 'fail',
    says: /1 of 401 operations took longer than 1\.0 s/,
  },
  {
    clause: 'C3',
    when: 'two of a hundred take longer than p99 allows',
    measurement: withMore([2000, 2050, 2100, 2150].map((atMs) => operation(atMs, { endMs: atMs + 260 }))),
    result: 'fail',
    says: /p99 260 ms/,
  },
  {
    clause: 'C3',
    when: 'it waits over REST, where advice about ioredis is none',
    measurement: { ...withMore([operation(2000, { endMs: 3001 })]), overRest: true },
    result: 'fail',
    says: /took 1\.0 s/,
    advises: /^for @upstash\/redis: retry/,
  },
  {
    clause: 'C3',
    when: 'the slowest one is not of the fault, as a client may queue what it catches up with after it',
    measurement: withMore([operation(8000, { endMs: 9500 })]),
    result: 'fail',
    says: /the slowest answered one, in `after`, took 1\.5 s/,
  },
  {
    clause: 'C3',
    when: 'it starts in time but was due long before',
    measurement: withMore([operation(2000, { startMs: 3500, endMs: 3501 })]),
    result: 'fail',
  },
  {
    clause: 'C3',
    when: 'only the second process, on its healthy path, waits',
    measurement: withMore([operation(2000, { process: 'second', endMs: null })]),
    result: 'pass',
  },
  {
    clause: 'C3',
    when: 'nothing was asked during the fault',
    measurement: only(({ phase }) => phase !== 'during'),
    result: 'not judged',
  },

  ...limiterRows,
  ...identifierRows,
  ...commandRows,
  ...sourceRows,

  { clause: 'C5', when: 'one type everywhere', measurement: good, result: 'pass', says: /HandMadeCache/ },
  {
    clause: 'C5',
    when: 'another class behind the same interface, unconfigured',
    measurement: instances({ type: 'PassThroughCache' }, 'unconfigured'),
    result: 'pass',
  },
  {
    clause: 'C5',
    when: 'null',
    measurement: instances({ type: null, methods: [] }, 'unconfigured'),
    result: 'fail',
  },
  {
    clause: 'C5',
    when: 'somebody listens where clients without an address go',
    measurement: instances(
      { type: null, methods: [], skipped: 'something listens on ::1:6379' },
      'unconfigured',
    ),
    result: 'not judged',
    says: /not called unconfigured: something listens/,
  },
  { clause: 'C5', when: 'it throws', measurement: instances({ error: 'Error: no Redis' }), result: 'fail' },
  {
    clause: 'C5',
    when: 'del is missing',
    measurement: instances({ methods: ['get', 'set'] }),
    result: 'fail',
  },
  {
    clause: 'C5',
    when: 'another class during the fault',
    measurement: instances({ type: 'X' }),
    result: 'fail',
  },
  {
    clause: 'C5',
    when: 'no instance was made during the fault',
    measurement: goodMeasurement({ instances: good.instances.slice(0, 1) }),
    result: 'not judged',
    says: /fault, unconfigured/,
  },

  {
    clause: 'C6',
    when: 'nothing grows',
    measurement: good,
    result: 'pass',
    says: /2 operations in flight, 0 MiB and 0 sockets more, 0 bytes/,
  },
  {
    clause: 'C6',
    when: 'the process ended',
    measurement: goodMeasurement({ died: "the subject's main process ended with exit code 1" }),
    result: 'fail',
    says: /exit code 1/,
  },
  {
    clause: 'C6',
    when: 'calls pile up',
    measurement: grown({ inFlight: 181 }),
    result: 'fail',
    says: /181 operations were in flight at once \(budget 180\)/,
  },
  {
    clause: 'C6',
    when: 'a burst of calls is under way',
    measurement: grown({ inFlight: 180 }),
    result: 'pass',
  },
  {
    clause: 'C6',
    when: 'sockets pile up',
    measurement: grown({ sockets: 6 }),
    result: 'fail',
    says: /6 sockets were open at once, 5 more/,
  },
  {
    clause: 'C6',
    when: 'memory grows',
    measurement: grown({ rssBytes: 170 * 1024 * 1024 }),
    result: 'fail',
    says: /grew by 70 MiB/,
  },
  {
    clause: 'C6',
    when: 'every failed call prints a line',
    measurement: grown({ printedBytes: 120 * 300 }),
    result: 'fail',
    says: /300 bytes were printed per operation/,
  },
  {
    clause: 'C6',
    when: 'much was printed before the fault',
    measurement: goodMeasurement({
      vitals: good.vitals.map((each) => ({ ...each, printedBytes: 1_000_000 })),
    }),
    result: 'pass',
  },
  {
    clause: 'C6',
    when: 'nobody looked before the fault',
    measurement: goodMeasurement({ vitals: good.vitals.filter(({ atMs }) => atMs > 1000) }),
    result: 'not judged',
  },

  {
    clause: 'C7',
    when: 'each read during the fault is one of the source',
    measurement: good,
    result: 'pass',
    says: /120 reads of the source for 360 reads of callers, at most 40 in a second \(40 asked for\)/,
  },
  {
    clause: 'C7',
    when: 'each miss loads twice, and more',
    measurement: goodMeasurement({
      loads: [1, 2, 3, 4].flatMap(() => good.loads),
    }),
    result: 'fail',
    says: /read 480 times for 360 reads/,
  },
  {
    clause: 'C7',
    when: 'what waited goes to the source at once',
    measurement: goodMeasurement({ loads: good.loads.map((each) => ({ ...each, atMs: 3900 })) }),
    result: 'fail',
    says: /read 120 times within one second, although callers never asked for more than 40/,
  },
  {
    clause: 'C7',
    when: 'only the second process loads, and what loaded before the fault does not count',
    measurement: goodMeasurement({
      loads: [1, 2, 3, 4, 5].flatMap(() => [
        ...good.loads.map((each) => ({ ...each, process: 'second' as const })),
        ...good.loads.map((each) => ({ ...each, atMs: 500 })),
      ]),
    }),
    result: 'pass',
  },
  {
    clause: 'C7',
    when: 'nothing was read during the fault',
    measurement: only(({ phase }) => phase !== 'during'),
    result: 'not judged',
  },

  { clause: 'C8', when: 'hits at once', measurement: good, result: 'pass', says: /hit ratio 100 %/ },
  {
    clause: 'C8',
    when: 'no hit within the budget',
    measurement: goodMeasurement({
      operations: good.operations.map((each) =>
        each.phase === 'after' ? { ...each, source: 'load' } : each,
      ),
    }),
    result: 'fail',
    says: /there was no hit in the 6\.0 s/,
  },
  {
    clause: 'C8',
    when: 'the first hit is too late',
    measurement: only(
      ({ phase, startMs, process }) => phase !== 'after' || startMs >= 9100 || process === 'second',
    ),
    result: 'fail',
    says: /first hit came 5\.1 s later/,
  },
  {
    clause: 'C8',
    when: 'half of the hits stay away',
    measurement: goodMeasurement({
      operations: good.operations.map((each, index) =>
        each.phase === 'after' && index % 2 === 0 ? { ...each, source: 'load' } : each,
      ),
    }),
    result: 'fail',
    says: /50 % of reads at the end, 100 % before/,
  },
  {
    clause: 'C8',
    when: 'the first hit is late, and hits come back while it warms up',
    measurement: goodMeasurement({
      operations: good.operations.map((each, index) => {
        const warming = each.startMs < 9000 && index % 2 === 1
        const misses = each.phase === 'after' && (each.startMs < 7900 || warming)
        return misses ? { ...each, source: 'load' } : each
      }),
    }),
    result: 'pass',
    says: /first hit 3\.9 s after the heal; hit ratio 98 %/,
  },
  {
    clause: 'C8',
    when: 'everything is gone, and each key misses once before it hits again',
    measurement: goodMeasurement({
      operations: good.operations.map((each, index) =>
        each.phase === 'after' && each.group === 'workload'
          ? { ...each, key: `drill:workload:${index >> 1}`, source: index % 2 === 0 ? 'load' : 'hit' }
          : each,
      ),
    }),
    result: 'pass',
    says: /hit ratio 100 %/,
  },
  {
    clause: 'C8',
    when: 'everything is gone, and no key hits when it is read again',
    measurement: goodMeasurement({
      operations: good.operations.map((each, index) =>
        each.phase === 'after' && each.group === 'workload' && each.startMs > 4100
          ? { ...each, key: `drill:workload:${index >> 1}`, source: 'load' }
          : each,
      ),
    }),
    result: 'fail',
    says: /: 0 % of reads at the end/,
  },
  {
    clause: 'C8',
    when: 'nothing was a hit before',
    measurement: goodMeasurement({
      operations: good.operations.map((each) => ({ ...each, source: 'load' })),
    }),
    result: 'fail',
    says: /With nothing wrong, none of \d+ reads was a hit/,
  },
  {
    clause: 'C8',
    when: 'no hit, but the drill was too short to tell',
    measurement: {
      ...only(({ phase }) => phase !== 'after'),
      endMs: 6000,
    },
    result: 'not judged',
    says: /longer --after/,
  },

  { clause: 'C9', when: 'nothing is stale', measurement: good, result: 'pass', says: /24 keys/ },
  {
    clause: 'C9',
    when: 'a revoked key is back in the second process after a second',
    measurement: withMore([
      operation(5100, { key: 'drill:revoked:3', group: 'revoked', process: 'second', version: 1 }),
    ]),
    result: 'fail',
    says: /1 read of 1 key .*1\.1 s after/,
  },
  {
    clause: 'C9',
    when: 'a revoked key is still there in the second process within a second',
    measurement: withMore([
      operation(4900, { key: 'drill:revoked:3', group: 'revoked', process: 'second', version: 1 }),
    ]),
    result: 'pass',
  },
  {
    clause: 'C9',
    when: 'the process that revoked answers the old value, at once',
    measurement: withMore([operation(4001, { key: 'drill:revoked:3', group: 'revoked', version: 1 })]),
    result: 'fail',
  },
  {
    clause: 'C9',
    when: 'a write of the outage lands on top of a newer one',
    measurement: withMore(
      [operation(6000, { ...contested, process: 'second', version: 2 })],
      [ourWrite, theirWrite],
    ),
    result: 'fail',
    says: /said version 2 when version 3/,
  },
  {
    clause: 'C9',
    when: 'the deletion was never acknowledged',
    measurement: withMore(
      [operation(6000, { key: 'k', process: 'second' })],
      [write(1500, { key: 'k', acknowledgedMs: null })],
    ),
    result: 'pass',
  },
  {
    clause: 'C9',
    when: 'every deletion of the outage failed, and so nobody was promised anything',
    measurement: {
      ...good,
      writes: good.writes.map((each) => ({ ...each, acknowledgedMs: null })),
    },
    result: 'not judged',
    says: /0 keys .* 20 are needed/,
  },
  {
    clause: 'C9',
    when: 'only 19 revoked keys were seen again',
    measurement: goodMeasurement(revocations(19)),
    result: 'not judged',
    says: /19 keys .* 20 are needed/,
  },
  {
    clause: 'C9',
    when: 'the drill ended right after the heal',
    measurement: goodMeasurement({ endMs: 4900 }),
    result: 'not judged',
  },

  {
    clause: 'C10',
    when: 'the status changes in time',
    measurement: good,
    result: 'pass',
    says: /status after 120 ms: down$/,
  },
  {
    clause: 'C10',
    when: 'it shows in more than one way',
    measurement: goodMeasurement({
      signals: [
        { kind: 'status', atMs: 1120, text: 'down' },
        { kind: 'log', atMs: 1130, text: 'lost Redis' },
        { kind: 'metric', atMs: 1200, text: 'cache.operations error' },
      ],
    }),
    result: 'pass',
    says: /status after 120 ms: down; also by log and metric$/,
  },
  {
    clause: 'C10',
    when: 'nothing shows',
    measurement: goodMeasurement({ signals: [] }),
    result: 'fail',
    says: /No log line/,
  },
  {
    clause: 'C10',
    when: 'it shows too late',
    measurement: goodMeasurement({ signals: [{ kind: 'log', atMs: 3500, text: 'ECONNREFUSED' }] }),
    result: 'fail',
    says: /2\.5 s/,
  },
  {
    clause: 'C10',
    when: 'only a line that was always printed',
    measurement: goodMeasurement({
      signals: [
        { kind: 'log', atMs: 500, text: 'served 12 requests' },
        { kind: 'log', atMs: 1500, text: 'served 13 requests' },
      ],
    }),
    result: 'fail',
    says: /; 1 line printed in it had been printed before it, too/,
  },
  {
    clause: 'C10',
    when: 'it says what it had said while it started, before it had connected',
    measurement: goodMeasurement({
      signals: [
        { kind: 'log', atMs: -700, text: 'cache is away' },
        { kind: 'log', atMs: 1500, text: 'cache is away' },
      ],
    }),
    result: 'pass',
    says: /log after 500 ms: cache is away/,
  },
  {
    clause: 'C10',
    when: 'only requests are logged, each with an id of its own and a duration',
    measurement: goodMeasurement({
      signals: [
        { kind: 'log', atMs: 500, text: 'GET /session 200 in 12ms id=9f3ab1c0-77de-4aa0-8bd1-0c1e2f3a4b5c' },
        { kind: 'log', atMs: 1500, text: 'GET /session 200 in 1.2s id=c0ffee11-12ab-4bcd-9e0f-aabbccddeeff' },
      ],
    }),
    result: 'fail',
  },
  {
    clause: 'C10',
    when: 'nothing shows in a fault shorter than the budget',
    measurement: goodMeasurement({ signals: [], healAtMs: 2500 }),
    result: 'not judged',
  },
  {
    clause: 'C10',
    when: 'a narrowed fault met nothing for a while, and showed when it did',
    measurement: goodMeasurement({ metAtMs: 3400, signals: [{ kind: 'log', atMs: 3500, text: 'OOM' }] }),
    result: 'pass',
    says: /log after 100 ms/,
  },
  {
    clause: 'C10',
    when: 'a narrowed fault met nothing until shortly before the heal',
    measurement: goodMeasurement({ metAtMs: 3400, signals: [] }),
    result: 'not judged',
  },

  ...leftoverRows,
]
