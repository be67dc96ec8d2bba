import { fork } from 'node:child_process'
import type { FromHost, ToHost } from '../messages.js'
import type { Instance } from '../measurement.js'
import type { Parent } from './parent.js'

/** One process that starts, as an application does: `pid` while it is there. */
export interface Apart {
  /** Null when it was given up. */
  instance: Promise<Instance | null>
  /** Ends it, whatever it is doing. Idempotent. */
  giveUp(): void
}

const DEADLINE_MS = 5000

/**
 * Has a module's factory called in a process of its own, where nothing has been read from the environment yet and nothing is
 * left behind for the drill to count. The engine is told its pid, as it must not outlive us.
 */
export function describeApart(
  request: Extract<ToHost, { type: 'describe' }>,
  parent: Pick<Parent, 'send'>,
): Apart {
  const child = fork(process.argv[1] ?? '', [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const { pid } = child
  if (pid !== undefined) parent.send({ type: 'forked', pid })
  const instance = new Promise<Instance | null>((resolve) => {
    const failed = (error: string) =>
      resolve({ condition: request.condition, type: null, methods: [], error })
    const timer = setTimeout(() => failed(`did not return within ${DEADLINE_MS} ms`), DEADLINE_MS)
    child.on('message', (message: FromHost) => {
      if (message.type === 'instance') resolve(message.instance)
    })
    child.once('error', () => resolve(null))
    child.once('exit', (code, signal) => {
      if (pid !== undefined) parent.send({ type: 'reaped', pid })
      clearTimeout(timer)
      if (signal === 'SIGKILL') resolve(null)
      else failed(`ended its process with ${signal ?? `exit code ${code}`}`)
    })
  })
  const giveUp = () => void child.kill('SIGKILL')
  void instance.then(giveUp)
  child.send(request, () => undefined)
  return { instance, giveUp }
}
