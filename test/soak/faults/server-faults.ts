import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../../../src/ops/sandbox/ask.js'
import type { RedisServer } from '../../../src/ops/sandbox/sandbox.js'

/** Of the one server that all processes share; each is the real thing. */
export interface ServerFault {
  name: string
  longestMs: number
  /** Forgets what was counted and stored. */
  losesData?: true
  /** Comes over the server, lasts, and is gone when this resolves. */
  happen(server: RedisServer, ms: number): Promise<void>
}

/** What each key adds to a restart that loads them, in microseconds: clients then see LOADING for a while. */
export const KEY_LOAD_DELAY = ['--key-load-delay', '300', '--loading-process-events-interval-bytes', '1024']

const states: Record<string, [enter: string[], leave: string[]]> = {
  oom: [
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['CONFIG', 'SET', 'maxmemory', '0'],
  ],
  readonly: [
    ['REPLICAOF', '127.0.0.1', '1'],
    ['REPLICAOF', 'NO', 'ONE'],
  ],
}

export const serverFaults: readonly ServerFault[] = [
  ...Object.entries(states).map(([name, [enter, leave]]): ServerFault => ({
    name,
    longestMs: 2500,
    async happen(server, ms) {
      await tell(server, enter)
      await sleep(ms)
      await tell(server, leave)
    },
  })),
  {
    name: 'frozen',
    longestMs: 2500,
    async happen(server, ms) {
      server.freeze()
      await sleep(ms)
      server.thaw()
    },
  },
  { name: 'loading', longestMs: 100, happen: (server) => server.restart({ keepData: true }) },
  {
    name: 'restart without data',
    longestMs: 800,
    losesData: true,
    async happen(server, ms) {
      await server.kill()
      await sleep(ms)
      await server.restart({ keepData: false })
    },
  },
]

async function tell({ host, port }: RedisServer, command: string[]): Promise<void> {
  const [answer] = await ask({ host, port, deadlineMs: 5000 }, command)
  if (answer !== 'OK') throw new Error(`${command.join(' ')}: ${answer}`)
}
