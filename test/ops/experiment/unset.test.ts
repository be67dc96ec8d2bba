import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisAtUsualPlace } from '../../../src/ops/experiment/usual-place.js'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { unset } from '../../../src/ops/faults/unset.js'
import { until } from '../sandbox/until.js'

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

test('where somebody listens at the usual place, nobody else’s code is run without an address', async () => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  expect(await redisAtUsualPlace(port)).toContain(`something listens on 127.0.0.1:${port}`)
  await new Promise((done) => server.close(done))
  expect(await redisAtUsualPlace(port)).toBeNull()
})
