import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ReplyParser } from '../../../../src/ops/faults/resp/reply-parser.js'
import { encodeCommand } from '../../../../src/ops/faults/resp/encode.js'
import { ask } from '../../../../src/ops/sandbox/ask.js'
import { findServer } from '../../../../src/ops/sandbox/find-server.js'
import { freePort } from '../../../../src/ops/sandbox/free-port.js'
import { startRedisServer } from '../../../../src/ops/sandbox/redis-server.js'
import type { Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../sandbox/until.js'
import { rawClient } from '../raw-client.js'

export type Commands = readonly (readonly string[])[]

/** Talks to a port and returns the raw bytes of all replies; `between` runs when `first` has been answered. */
export async function converse(
  port: number,
  talk: { first?: Commands; between?: () => Promise<void>; next: Commands; chunk?: number },
): Promise<string> {
  const client = await rawClient(port)
  const counter = new ReplyParser()
  let seen = 0
  let replies = 0
  const arrived = () => {
    const bytes = client.received()
    for (const piece of counter.push(bytes.subarray(seen))) if (piece.ends && !piece.push) replies += 1
    seen = bytes.length
    return replies
  }
  const say = async (commands: Commands) => {
    const wanted = replies + commands.length
    const bytes = Buffer.concat(commands.map((words) => encodeCommand(words)))
    const size = talk.chunk ?? bytes.length
    for (let at = 0; at < bytes.length; at += size) {
      await client.write(bytes.subarray(at, at + size))
      if (talk.chunk !== undefined) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(`${wanted} replies to ${JSON.stringify(commands)}`, () => {
      return arrived() >= wanted || client.state() !== 'open'
    })
  }
  try {
    await say(talk.first ?? [])
    await talk.between?.()
    await say(talk.next)
    return client.received().toString('latin1')
  } finally {
    client.socket.destroy()
  }
}

/** What differs from one server, one run, or one script to the next. */
export function masked(replies: string): string {
  return replies
    .replace(/script: [0-9a-f]{40}, on @user_script:\d+\./g, 'script: SHA, on LINE.')
    .replace(/table: 0x[0-9a-f]+/g, 'table: ADDRESS')
    .replace(/\$2\r\nid\r\n:\d+/g, '$2\r\nid\r\n:ID')
    .replace(/\r\nrole\r\n\$\d+\r\n(master|replica)/g, '\r\nrole\r\nROLE')
}

export const tell = async (sandbox: Sandbox, ...commands: string[][]) => {
  const { host, port } = sandbox.redis
  const answers = await ask({ host, port, deadlineMs: 5000 }, ...commands)
  const error = answers.find((answer) => answer.startsWith('-'))
  if (error) throw new Error(error)
}

/** The same data and the same scripts on a server. */
export async function seed(sandbox: Sandbox): Promise<void> {
  await tell(
    sandbox,
    ['FLUSHALL'],
    ['SCRIPT', 'FLUSH'],
    ['SET', 'a', 'one'],
    ['SET', 'n', '1'],
    ['HSET', 'h', 'f', 'v'],
    ['RPUSH', 'l', '1', '2'],
    ['SADD', 's', 'm'],
    ['ZADD', 'z', '1', 'm'],
  )
}

/** Puts a real server into a state and back. */
export const realStates: Record<
  'oom' | 'readonly' | 'misconf' | 'masterdown',
  Record<'enter' | 'leave', string[][]>
> = {
  oom: { enter: [['CONFIG', 'SET', 'maxmemory', '1']], leave: [['CONFIG', 'SET', 'maxmemory', '0']] },
  readonly: { enter: [['REPLICAOF', '127.0.0.1', '1']], leave: [['REPLICAOF', 'NO', 'ONE']] },
  masterdown: {
    enter: [
      ['CONFIG', 'SET', 'replica-serve-stale-data', 'no'],
      ['REPLICAOF', '127.0.0.1', '1'],
    ],
    leave: [
      ['REPLICAOF', 'NO', 'ONE'],
      ['CONFIG', 'SET', 'replica-serve-stale-data', 'yes'],
    ],
  },
  misconf: { enter: [['CONFIG', 'SET', 'save', '3600 1']], leave: [['CONFIG', 'SET', 'save', '']] },
}

/** From now on no snapshot of a server succeeds: where its file should be, there is a directory. */
export async function spoilSnapshots(sandbox: Sandbox): Promise<void> {
  const [directory] = await directoryOf(sandbox)
  await mkdir(join(directory, 'dump.rdb'))
  await tell(sandbox, ['BGSAVE'])
  const says = () => converse(sandbox.redis.port, { next: [['INFO', 'persistence']] })
  await until('failed', async () => (await says()).includes('rdb_last_bgsave_status:err'))
}

/** A real server that takes a minute to load the data of another one. */
export async function loadingServer(donor: Sandbox): Promise<AnotherServer> {
  const { host, port: donorPort } = donor.redis
  const set = Array.from({ length: 6000 }, (_, index) => [
    'SET',
    `k${index}`,
    // Cannot be compressed, so that it looks up from loading after each one.
    randomBytes(600).toString('hex'),
  ])
  await ask({ host, port: donorPort, deadlineMs: 10_000 }, ...set, ['SAVE'])
  const [directory] = await directoryOf(donor)
  return anotherServer(
    donor,
    ['--dir', directory, '--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024'],
    '-LOADING',
  )
}

/** A real server that runs a script without an end, which has written and so cannot be killed, once it is told to. */
export async function busyServer(donor: Sandbox): Promise<AnotherServer & { begin(): Promise<void> }> {
  const server = await anotherServer(donor, ['--lua-time-limit', '1'], 'PONG')
  const { port } = server
  const pings = async (answer: string) => (await converse(port, { next: [['PING']] })).startsWith(answer)
  let script: Awaited<ReturnType<typeof rawClient>> | undefined
  return {
    port,
    begin: async () => {
      script = await rawClient(port)
      await script.write(encodeCommand(['EVAL', "redis.call('SET', 'n', '1') while true do end", '0']))
      await until('busy', () => pings('-BUSY'))
    },
    stop: async () => {
      script?.socket.destroy()
      await server.stop()
    },
  }
}

/** Two nodes of a cluster that serve no key: of one that lacks a node, and one where all slots are another's. */
export async function clusterNodes(
  donor: Sandbox,
): Promise<{ down: number; withoutSlots: number; stop(): Promise<void> }> {
  const start = async () => {
    const busPort = await freePort()
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
    return { server: await startRedisServer({ watchdog: donor.watchdog, extraArgs: args }), busPort }
  }
  const [down, withoutSlots, owner] = await Promise.all([start(), start(), start()])
  const stop = async () => {
    await Promise.all([down, withoutSlots, owner].map(({ server }) => server.stop()))
  }
  const say = ({ server: { host, port } }: typeof down, ...commands: string[][]) =>
    ask({ host, port, deadlineMs: 5000 }, ...commands)
  await say(down, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16382'])
  await say(owner, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
  const { host, port } = owner.server
  await say(withoutSlots, ['CLUSTER', 'MEET', host, String(port), String(owner.busPort)])
  await until('together', async () => {
    const answers = await say(withoutSlots, ['CLUSTER', 'INFO'])
    return answers[0]?.includes('cluster_state:ok') ?? false
  })
  return { down: down.server.port, withoutSlots: withoutSlots.server.port, stop }
}

interface AnotherServer {
  port: number
  stop(): Promise<void>
}

/** @param answer how its answer to PING begins when it is there */
async function anotherServer(donor: Sandbox, more: string[], answer: string): Promise<AnotherServer> {
  const { host } = donor.redis
  const port = await freePort()
  const { path } = await findServer()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn(path, [...args, ...more], { stdio: 'ignore' })
  donor.watchdog.watch(child.pid as number)
  await until('there', async () => {
    const [said] = await ask({ host, port, deadlineMs: 1000 }, ['PING']).catch(() => [''])
    return said?.startsWith(answer) ?? false
  })
  return {
    port,
    stop: async () => {
      child.kill('SIGKILL')
      while (child.exitCode === null && child.signalCode === null) await sleep(10)
      donor.watchdog.forget(child.pid as number)
    },
  }
}

/** CONFIG GET answers an array, which `ask` does not read: the value is the line after its name. */
async function directoryOf(sandbox: Sandbox): Promise<[string]> {
  const text = await converse(sandbox.redis.port, { next: [['CONFIG', 'GET', 'dir']] })
  return [text.split('\r\n')[4] as string]
}
