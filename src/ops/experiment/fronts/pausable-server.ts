import { createOperatorClient, type OperatorClient } from '../../../library/backends/operator.js'
import type { PausableServer, PauseCounts } from '../../faults/pausable-server.js'

/**
 * The longest that a pause outlives us, and that lifting one of every command takes: then the server hears no CLIENT
 * UNPAUSE either.
 */
const SLICE_MS = 300
/** Who is not paused answers sooner, also on a busy machine. */
const SILENCE_MS = 200
const ORDER_DEADLINE_MS = 3000
/** While everything waits, so does what would prolong the pause. It must be there, behind the one whose turn it is. */
const AHEAD = 3
const RENEW_EVERY_MS = SLICE_MS / 3
/** Nobody has such a key, and deleting it does nothing; but it may have written. */
const NO_KEY = 'drill:no-such-key'

/**
 * A server that is paused in slices, each of which ends by itself.
 *
 * With every command waiting, ours wait as well. When a slice ends Redis goes on with those who wait in the order in which they came;
 * the next CLIENT PAUSE is the first of them, as it stood behind the last one, and so nobody is served between two slices.
 *
 * @param url with credentials
 * @param key that nobody has, to see whether writes wait. @default drill:no-such-key
 */
export function pausableServer(url: string, key: string = NO_KEY): PausableServer {
  const counts: PauseCounts = { serverPauses: 0, serverHolds: 0, pausesLost: 0 }
  const connect = (deadlineMs = ORDER_DEADLINE_MS) => createOperatorClient({ url, deadlineMs })
  let pausing: { control: OperatorClient; stop(): Promise<void> } | undefined

  const watchFor = async (watcher: OperatorClient, commands: 'all' | 'writes') => {
    const asked = commands === 'all' ? watcher.send('PING') : watcher.send('DEL', key)
    const isHeld = await asked.then(
      () => false,
      () => true,
    )
    if (isHeld && pausing) counts.serverHolds++
    watcher.close()
  }

  return {
    counts: () => ({ ...counts }),
    async pause(commands) {
      if (pausing) return
      const [control, watcher] = await Promise.all([connect(), connect(SILENCE_MS)])
      const order = async () => {
        await control.send('CLIENT', 'PAUSE', SLICE_MS, commands === 'all' ? 'ALL' : 'WRITE')
        counts.serverPauses++
      }
      const isOn = () => pausing?.control === control
      const lost = () => {
        // cache-audit-ignore R9: counted, and told with the pauses
        if (isOn()) counts.pausesLost++
      }
      const keepOn = async () => {
        while (isOn()) await order()
      }
      let timer: NodeJS.Timeout | undefined
      pausing = {
        control,
        async stop() {
          clearInterval(timer)
          if (commands === 'writes') await control.send('CLIENT', 'UNPAUSE')
        },
      }
      try {
        const first = order()
        if (commands === 'all') for (let each = 1; each < AHEAD; each++) void keepOn().catch(lost)
        await first
      } catch (error) {
        pausing = undefined
        control.close()
        watcher.close()
        throw error
      }
      if (commands === 'all') void keepOn().catch(lost)
      else timer = setInterval(() => void order().catch(lost), RENEW_EVERY_MS)
      void watchFor(watcher, commands)
    },
    async resume() {
      if (!pausing) return
      const { control, stop } = pausing
      pausing = undefined
      try {
        await stop()
        control.close()
        // Who gets an answer to his first PING is served again, and so is everybody.
        const served = await connect()
        served.close()
      } catch {
        // cache-audit-ignore R9: what cannot be told to go on goes on when the slice is over
      } finally {
        control.close()
      }
    },
  }
}
