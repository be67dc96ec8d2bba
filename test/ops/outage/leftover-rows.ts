import type { Leftovers } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { goodMeasurement, keysLeft } from './measurements.js'

const left = (changed: Partial<Leftovers>) => {
  const good = goodMeasurement()
  return { ...good, leftovers: { ...(good.leftovers as Leftovers), ...changed } }
}

const { leftovers: _, ...unseen } = goodMeasurement()

/** What is on the server when the subject is gone. */
export const leftoverRows: ClauseRow[] = [
  {
    clause: 'C11',
    when: 'every key has its time to live',
    measurement: left({}),
    result: 'pass',
    says: /200 keys, each gone within 290\.0 s; no connection/,
  },
  { clause: 'C11', when: 'there is no key', measurement: left({ keys: [] }), result: 'pass', says: /no key/ },
  {
    clause: 'C11',
    when: 'a counter lost its time to live',
    measurement: left({ keys: [keysLeft('drill:workload'), keysLeft('ratelimit', { withoutTtl: 1 })] }),
    result: 'fail',
    says: /1 key is left that will never expire: ratelimit \(1\)\./,
  },
  {
    clause: 'C11',
    when: 'many prefixes have keys for good',
    measurement: left({ keys: ['a', 'b', 'c', 'd', 'e'].map((each) => keysLeft(each, { withoutTtl: 2 })) }),
    result: 'fail',
    says: /10 keys are left .*: a \(2\), b \(2\), c \(2\) and 2 more prefixes/,
  },
  {
    clause: 'C11',
    when: 'a time to live is in the wrong unit',
    measurement: left({ keys: [keysLeft('drill:workload', { longestTtlMs: 300_000_000 })] }),
    result: 'fail',
    says: /although 300\.0 s is the longest/,
  },
  {
    clause: 'C11',
    when: 'nothing is declared of how long keys live',
    measurement: left({ keys: [keysLeft('app', { longestTtlMs: 86_400_000 })], declaredTtlMs: null }),
    result: 'pass',
  },
  {
    clause: 'C11',
    when: 'somebody is still connected',
    measurement: left({ connections: 2 }),
    result: 'fail',
    says: /2 connections to Redis were still open/,
  },
  {
    clause: 'C11',
    when: 'the drill gives set no time to live, and somebody is still connected',
    measurement: {
      ...left({ keys: [keysLeft('app', { withoutTtl: 1 })], connections: 2 }),
      ttlLeftOut: true,
    },
    result: 'fail',
    says: /still open/,
  },
  {
    clause: 'C11',
    when: 'the drill gives set no time to live',
    measurement: { ...left({ keys: [keysLeft('app', { withoutTtl: 1 })] }), ttlLeftOut: true },
    result: 'not judged',
    says: /keys without an end are left \(1\).*--module-ttl/,
  },
  {
    clause: 'C11',
    when: 'a secret was printed',
    measurement: { ...left({}), secretsTold: { lines: 3, firstMs: 1500 } },
    result: 'fail',
    says: /^3 lines that it printed hold a secret that the drill had given it, the first one 1\.5 s after/,
    advises: /its name and code, and never its message/,
  },
  {
    clause: 'C11',
    when: 'a secret was printed, and nobody could look at the server',
    measurement: { ...unseen, secretsTold: { lines: 1, firstMs: 0 } },
    result: 'fail',
    says: /^1 line that it printed holds a secret/,
  },
  { clause: 'C11', when: 'nobody could look', measurement: unseen, result: 'not judged' },
]
