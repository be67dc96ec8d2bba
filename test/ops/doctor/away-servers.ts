import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOperatorClient } from '../../../src/library/backends/operator.js'
import { startRedisServer } from '../../../src/ops/sandbox/redis-server.js'
import type { Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../support/clients.js'

export interface AwayServer {
  url: string
  stop(): Promise<void>
}

type Watched = Pick<Sandbox, 'watchdog'>

/** What stops is a snapshot: what it is to replace is a directory, which no file can replace. */
export async function startUnsaving({ watchdog }: Watched): Promise<AwayServer> {
  const directory = mkdtempSync(join(tmpdir(), 'cache-cannot-save-'))
  const extraArgs = ['--save', '3600 1', '--dir', directory]
  const server = await startRedisServer({ watchdog, extraArgs })
  const { url } = server
  mkdirSync(join(directory, 'dump.rdb'))
  const client = await createOperatorClient({ url })
  await client.send('BGSAVE')
  await until('the snapshot has failed', async () =>
    /rdb_last_bgsave_status:err/.test(String(await client.send('INFO', 'persistence'))),
  )
  client.close()
  return {
    url,
    async stop() {
      rmdirSync(join(directory, 'dump.rdb'))
      await server.stop()
      rmSync(directory, { recursive: true })
    },
  }
}

/** It hangs, and its queue of connections is full. */
export async function startFullQueue({ watchdog }: Watched): Promise<AwayServer> {
  const server = await startRedisServer({ watchdog, extraArgs: ['--tcp-backlog', '1'] })
  const waiting: Socket[] = []
  server.freeze()
  for (let full = false; !full;) {
    const socket = connect(server.port, server.host).on('error', () => {})
    waiting.push(socket)
    full = await new Promise((done) => {
      socket.once('connect', () => done(false))
      setTimeout(() => done(true), 200)
    })
  }
  return {
    url: server.url,
    async stop() {
      waiting.forEach((socket) => socket.destroy())
      await server.stop()
    },
  }
}

/** A protocol of lines, as SMTP is one; RESP has some, which it takes for a beginning. */
export function linesOnly(): Server {
  return createServer((socket) => {
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk.toString()
      if (/^[A-Z]+\r\n$/.test(said)) socket.write('500 unknown command\r\n')
    })
  })
}
