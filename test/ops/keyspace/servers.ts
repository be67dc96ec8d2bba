import { afterAll, beforeAll } from 'vitest'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { nameServer, openServer, type NamedServer, type Server } from '../../../src/ops/keyspace/server.js'
import { startSandbox, type Sandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import type { Command } from '../../../src/library/backends/operator.js'

/** Of who has no project file. */
export const catalogue = catalogueOf()

export interface TestServer {
  sandbox: Sandbox
  named: NamedServer
  server: Server
  /** Sends many commands; fails when one is refused. */
  fill(commands: readonly Command[]): Promise<void>
  keys(): Promise<Set<string>>
  stop(): Promise<void>
}

export async function startServer(): Promise<TestServer> {
  const sandbox = await startSandbox()
  const named = nameServer({ url: sandbox.redis.url, environment: {}, environments: {} })
  const server = await openServer(named)
  return {
    sandbox,
    named,
    server,
    async fill(commands) {
      for (let at = 0; at < commands.length; at += 1000) {
        const replies = await server.client.pipeline(commands.slice(at, at + 1000))
        const refused = replies.find((reply) => reply instanceof Error)
        if (refused) throw refused
      }
    },
    async keys() {
      const all = (await server.client.sendBytes('KEYS', '*')) as Buffer[]
      return new Set(all.map((key) => key.toString('latin1')))
    },
    async stop() {
      server.close()
      await sandbox.stop()
    },
  }
}

/** A server that is there from the first test of a file to the last. */
export function ownServer(): Omit<TestServer, 'stop'> {
  let started: TestServer
  beforeAll(async () => {
    started = await startServer()
  })
  afterAll(() => started?.stop())
  return {
    get sandbox() {
      return started.sandbox
    },
    get named() {
      return started.named
    },
    get server() {
      return started.server
    },
    fill: (commands) => started.fill(commands),
    keys: () => started.keys(),
  }
}

/** Keys that try to be more than one key, or to reach the terminal. These follow the pattern of conv, the others none. */
export const hostileConversations = [
  'copilot:conv:*',
  'copilot:conv:[a-z]?',
  'copilot:conv:日本語\u0000\u001b[31m',
  `copilot:conv:${'x'.repeat(10_000)}`,
]
export const hostileOrphans: (string | Buffer)[] = [
  'copilot:conv:a:b',
  'copilot:conv:',
  'copilot:conv',
  'copilot:conv:*:*',
  'xcopilot:conv:a',
  '*',
  '',
  ':',
  '\u001b]0;title\u0007\u001b[2J:boo\u202etxt:x',
  `${'deep:'.repeat(2000)}end`,
  Buffer.from([0xff, 0xfe, 0x3a, 0x00, 0x0a]),
]

/** 20 000 keys of all families and none. */
export function mixedKeys(): Command[] {
  return [
    ...many(
      12_000,
      (index) => ['SET', `copilot:conv:c${index}`, '{}', 'PX', 55_000 + (index % 4000)] as const,
    ),
    ...many(30, (index) => ['SET', `copilot:conv:forever${index}`, '{}'] as const),
    ...many(20, (index) => ['SET', `copilot:conv:long${index}`, '{}', 'EX', 86_400] as const),
    ...many(5000, (index) => ['SET', `copilot:auth:validation:u${index}`, '{}', 'EX', 300] as const),
    ...many(200, (index) => ['SET', `copilot:llm:policy:t${index}`, '{}', 'EX', 290] as const),
    ...many(3, (index) => ['RPUSH', `copilot:llm:policy:list${index}`, 'x'] as const),
    ...many(1000, (index) => ['SET', `copilot:ratelimit:api:u${index}`, '1', 'EX', 60] as const),
    ...many(1700, (index) => ['SET', `session:old:${index}`, '{}'] as const),
    ...hostileConversations.map((key) => ['SET', key, 'x', 'EX', 58] as const),
    ...hostileOrphans.map((key) => ['SET', key, 'x', 'EX', 58] as const),
  ]
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
