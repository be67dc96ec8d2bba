import { afterAll, expect, test } from 'vitest'
import { launchApp } from '../../../src/ops/experiment/app/launch.js'
import { startWatchdog, type Watchdog } from '../../../src/ops/sandbox/watchdog.js'

const watchdog = startWatchdog()
afterAll(() => watchdog.stop())

/** The same, and what it was told to forget. */
function noting(): Watchdog & { forgotten: number[] } {
  const forgotten: number[] = []
  const forgetGroup = (leader: number) => {
    forgotten.push(leader)
    watchdog.forgetGroup(leader)
  }
  return { ...watchdog, forgotten, forgetGroup }
}

test('an app that is gone with all of its group is nobody’s to kill: its number may be a stranger’s', async () => {
  const own = noting()
  const app = await launchApp({ command: ['true'] }, {}, own)
  await app.ended
  expect(own.forgotten).toEqual([app.pid])
  await app.end()
  expect(own.forgotten).toEqual([app.pid])
})

test('one that left somebody in its group is watched until that is ended', async () => {
  const own = noting()
  const app = await launchApp(
    { command: ['sh', '-c', 'sleep 60 & exit 0'] },
    { PATH: process.env['PATH']! },
    own,
  )
  await app.ended
  expect(own.forgotten).toEqual([])
  await app.end()
  expect(own.forgotten).toEqual([app.pid])
})
