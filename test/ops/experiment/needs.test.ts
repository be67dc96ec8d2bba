import { existsSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openRig } from '../../../src/ops/experiment/rig.js'
import { simulateOutage } from '../../../src/ops/outage/simulate-outage.js'

// Faults that need more than a door, whole: real clients that trust, resolve, or know of nothing. What is asserted is what no
// machine is too busy for: how long things take is the matter of other drills.
const short = { seed: 1, ratePerSecond: 50, beforeMs: 500, duringMs: 900, afterMs: 4000 }

test.concurrent.each([
  ['unset', 'library', false],
  ['dns', 'library', true],
  ['tls-expired', 'library', true],
  ['tls-wrong-host', 'library-upstash', true],
] as const)(
  '%s: %s meets it, and its callers do not',
  async (name, subject, hasBackend) => {
    const { drills } = await simulateOutage({ ...short, subject, drills: [name] })
    const [drill] = drills
    expect(drill?.witness).toMatchObject({ witnessed: true })
    expect(drill?.phases.map(({ errors, pending }) => [errors, pending])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    const [before, during] = drill?.phases ?? []
    expect(before?.hitRatio).toSatisfy((ratio: number) => ratio > 0.5 === hasBackend)
    // Whoever was under way when it began still had an answer.
    expect(during?.hitRatio).toBeLessThan(0.2)
    expect(drill?.timeToRecoverMs !== null).toBe(hasBackend)
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
