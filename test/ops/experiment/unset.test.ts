import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { unset } from '../../../src/ops/faults/unset.js'
import { until } from '../sandbox/until.js'
import { oneDrill } from './one-drill.js'

let rig: Rig
beforeAll(async () => {
  rig = await openRig({ needs: 'unset' })
})
afterAll(() => rig.close())

test('nobody is told of the backend that is there, and whoever comes all the same is seen', async () => {
  expect(rig.environments).toEqual({
    main: { redisUrl: null, upstash: null },
    second: { redisUrl: null, upstash: null },
  })
  const before = rig.door.counts()
  await unset.apply(rig.door)
  expect(unset.witness(before, rig.door.counts())).toMatchObject({
    witnessed: true,
    evidence: 'nobody ever connected',
  })
  const stranger = connect(rig.door.port, rig.door.host)
  await until('accepted', () => rig.door.counts().connectionsAccepted === 1)
  stranger.destroy()
  // Before the drill, too: it has a backend.
  const late = rig.door.counts()
  expect(unset.witness(late, late)).toMatchObject({
    witnessed: false,
    evidence: '1 connection reached a backend that the service was not told of',
  })
  await unset.lift(rig.door)
})

test('the library keeps its promises without a backend', async () => {
  const report = await oneDrill({
    subject: 'library',
    drills: ['unset'],
    seed: 1,
    ratePerSecond: 200,
    beforeMs: 500,
    duringMs: 600,
    afterMs: 1200,
  })
  expect(report).toMatchObject({ verdict: 'pass', witness: { witnessed: true } })
  const notJudged = report.clauses.filter(({ result }) => result === 'not judged').map(({ id }) => id)
  expect(notJudged).toEqual(['C4', 'C8', 'C10'])
}, 60_000)
