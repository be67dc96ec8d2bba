import { existsSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openRig } from '../../../src/ops/experiment/rig.js'
import { oneDrill } from './one-drill.js'

// Faults that need more than a door, whole: real clients that trust, resolve, or know of nothing. The phases are long enough
// for what is asserted.
const short = { seed: 1, ratePerSecond: 50, beforeMs: 600, duringMs: 1000, afterMs: 1500 }

/** What no machine is too busy for; how long it takes is the matter of other drills. */
const TIMELESS = ['C1', 'C2', 'C5']

test.concurrent.each([
  ['unset', 'library'],
  ['dns', 'library'],
  ['tls-expired', 'library'],
  ['tls-wrong-host', 'library-upstash'],
] as const)(
  '%s: %s keeps its promises',
  async (drill, subject) => {
    const report = await oneDrill({ ...short, subject, drills: [drill] })
    expect(report.witness).toMatchObject({ witnessed: true })
    const results = new Map(report.clauses.map((clause) => [clause.id, clause]))
    for (const id of TIMELESS) expect(results.get(id as 'C1')).toMatchObject({ result: 'pass' })
  },
  60_000,
)

test('the authority that a process is to trust is a file of ours, and gone with the rig', async () => {
  const rig = await openRig({ needs: 'tls' })
  const file = rig.variables?.main?.['NODE_EXTRA_CA_CERTS'] ?? ''
  expect(rig.environments.main.redisUrl).toBe(`rediss://127.0.0.1:${rig.door.port}`)
  expect(rig.environments.second.redisUrl).toBe(rig.server.url)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await rig.close()
  expect(existsSync(file)).toBe(false)
})
