import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { timeLimit } from '../../../src/library/kernel/time-limit.js'

/** As a process with work to do does all the time. */
function collectGarbage() {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  const timer = setInterval(gc, 10)
  onTestFinished(() => clearInterval(timer))
}

async function silentUrl() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a silent server is waited for no longer, however often garbage is collected meanwhile', async () => {
  const url = await silentUrl()
  collectGarbage()
  const outer = new AbortController()
  const asked = fetch(url, { signal: timeLimit(150, outer.signal).signal })
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' })
}, 3000)

test('another signal ends it earlier, with its own reason, and that is not the time', () => {
  const [first, second] = [new AbortController(), new AbortController()]
  const limit = timeLimit(60_000, first.signal, second.signal)
  const reason = new Error('Ctrl-C')
  second.abort(reason)
  expect(limit).toMatchObject({ isUp: false, signal: { aborted: true, reason } })
})

test('what was over before it began is over', () => {
  const reason = new Error('stopped')
  expect(timeLimit(60_000, AbortSignal.abort(reason)).signal).toMatchObject({ aborted: true, reason })
})

test('once cleared it ends nothing', async () => {
  const other = new AbortController()
  const limit = timeLimit(5, other.signal)
  limit.clear()
  other.abort()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(limit).toMatchObject({ isUp: false, signal: { aborted: false } })
})
