import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clusterdown } from '../../../../src/ops/faults/clusterdown.js'
import type { TcpDoor } from '../../../../src/ops/faults/doors/door.js'
import { createTcpDoor } from '../../../../src/ops/faults/doors/tcp.js'
import { maxclients } from '../../../../src/ops/faults/maxclients.js'
import { moved } from '../../../../src/ops/faults/moved.js'
import { noauth } from '../../../../src/ops/faults/noauth.js'
import { noperm } from '../../../../src/ops/faults/noperm.js'
import { wrongpass } from '../../../../src/ops/faults/wrongpass.js'
import { ask } from '../../../../src/ops/sandbox/ask.js'
import { startSandbox, type Sandbox } from '../../../../src/ops/sandbox/start-sandbox.js'
import { until } from '../../sandbox/until.js'
import { rawClient } from '../raw-client.js'
import { clusterNodes, converse, masked, seed, tell } from './real-states.js'
import { rows, script, versions, type Row } from './rows.js'

// A server that lets nobody in, or nobody at its keys, and a healthy one behind a door that plays it.
const PASSWORD = 'of the test'
let real: Sandbox
let healthy: Sandbox
let withPassword: Sandbox
let door: TcpDoor
beforeAll(async () => {
  ;[real, healthy, withPassword] = await Promise.all([
    startSandbox(),
    startSandbox(),
    startSandbox({ requirepass: PASSWORD }),
  ])
})
afterAll(() => Promise.all([real.stop(), healthy.stop(), withPassword.stop()]))
beforeEach(async () => {
  door = await createTcpDoor({ upstream: healthy.redis })
})
afterEach(() => door.close())

const inBoth = (of: readonly Row[]) =>
  versions.flatMap(([version, hello]) => of.map((row) => ({ ...row, version, hello })))

const whoIsThere: Row[] = [
  { name: 'HELLO', next: [['HELLO'], ['HELLO', '2'], ['HELLO', '3'], ['PING']] },
  {
    name: 'HELLO that is no HELLO',
    next: [
      ['HELLO', '4'],
      ['HELLO', 'x'],
      ['HELLO', '02'],
      ['HELLO', '3', 'x'],
    ],
  },
  {
    name: 'HELLO with options',
    next: [
      ['HELLO', '3', 'SETNAME', 'a b'],
      ['HELLO', '3', 'SETNAME'],
      ['HELLO', '3', 'setname', 'x', 'AUTH', 'u', 'p'],
      ['HELLO', '2', 'AUTH', 'default', 'p', 'SETNAME', ''],
      ['HELLO', '3', 'AUTH', 'u'],
    ],
  },
  { name: 'AUTH', next: [['AUTH', 'p'], ['AUTH', 'u', 'p'], ['AUTH', 'a', 'b', 'c'], ['AUTH']] },
  { name: 'RESET', next: [['RESET'], ['GET', 'a']] },
  { name: 'leaving', next: [['GET', 'a'], ['QUIT']] },
  {
    name: 'administration',
    next: [['INFO'], ['CONFIG', 'GET', 'save'], ['CLIENT', 'ID'], ['COMMAND', 'COUNT']],
  },
  { name: 'subscribing', next: [['SUBSCRIBE', 'c'], ['PUBLISH', 'c', 'm'], ['MONITOR'], ['PING']] },
]

describe('noauth', () => {
  beforeEach(() => noauth.apply(door))

  test.each(inBoth([...rows, ...whoIsThere]))('$version: $name', async ({ hello, first = [], next }) => {
    const talk = { next: [...hello, ...first, ...next] }
    expect(masked(await converse(door.port, talk))).toBe(
      masked(await converse(withPassword.redis.port, talk)),
    )
  })
})

test('a server with a password behind the door says the same under wrongpass', async () => {
  const own = await createTcpDoor({ upstream: withPassword.redis })
  await wrongpass.apply(own)
  for (const { next } of [...rows, ...whoIsThere])
    expect(await converse(own.port, { next })).toBe(await converse(withPassword.redis.port, { next }))
  await own.close()
})

test('under noauth and wrongpass connections from before end', async () => {
  for (const fault of [noauth, wrongpass]) {
    const one = await rawClient(door.port)
    await until('accepted', () => door.openConnections() === 1)
    await fault.apply(door)
    await one.closed
    await fault.lift(door)
  }
})

describe('noperm', () => {
  beforeEach(async () => {
    await Promise.all([seed(real), seed(healthy)])
    await noperm.apply(door)
    await tell(real, ['ACL', 'SETUSER', 'default', 'resetkeys'])
  })
  afterEach(() => tell(real, ['ACL', 'SETUSER', 'default', 'allkeys']))

  const more: Row[] = [
    {
      name: 'a script without keys',
      next: [
        ['EVAL', "return redis.call('GET', 'a')", '0'],
        ['EVAL', "return redis.pcall('GET', 'a')", '0'],
        ['EVAL', "return redis.call('PING')", '0'],
        ['EVAL_RO', "return redis.call('TYPE', 'a')", '0'],
        ['FCALL', 'f', '0'],
        ['FCALL', 'f', '1', 'a'],
      ],
    },
    {
      name: 'keys in other places',
      next: [['XREAD', 'STREAMS', 'a', '0'], ['ZUNION', 'x', 'a'], ['DBSIZE']],
    },
  ]
  test.each(inBoth([...rows, ...more]))('$version: $name', async ({ hello, first = [], next }) => {
    const talk = { next: [...hello, ...first, ...next] }
    expect(masked(await converse(door.port, talk))).toBe(masked(await converse(real.redis.port, talk)))
  })
})

describe('of a cluster', () => {
  let nodes: Awaited<ReturnType<typeof clusterNodes>>
  beforeAll(async () => {
    nodes = await clusterNodes(real)
    await tell(healthy, ['FLUSHALL'])
  })
  afterAll(() => nodes.stop())

  const more: Row[] = [
    {
      name: 'slots',
      next: [
        ['MGET', '{x}1', '{x}2'],
        ['MGET', 'a', 'b'],
        ['GET', '{}a'],
        ['GET', 'a{b}c{d}'],
      ],
    },
    {
      name: 'a script without keys',
      next: [
        ['EVAL', "return redis.call('GET', 'a')", '0'],
        ['EVAL', "return redis.pcall('GET', 'a')", '0'],
        ['EVAL', "return redis.call('PING')", '0'],
      ],
    },
    {
      name: 'keys in other places',
      next: [['XREAD', 'STREAMS', 'a', '0'], ['ZUNION', '1', 'a'], ['DBSIZE']],
    },
    { name: 'MULTI with a script', next: [['MULTI'], script('return 1'), ['EXEC']] },
  ]
  // A library is no key, and the server keeps it.
  const known = rows.filter(({ name }) => name !== 'functions')
  const alike = (replies: string) =>
    masked(replies)
      .replace(/^-MOVED (\d+) \S+/gm, '-MOVED $1 ADDRESS')
      .replace(/\$\d+\r\n(standalone|cluster)\r\n/g, 'MODE')

  describe.each([clusterdown, moved])('$name', (fault) => {
    test.each(inBoth([...known, ...more]))('$version: $name', async ({ hello, first = [], next }) => {
      const talk = { next: [...hello, ...first, ...next] }
      await fault.apply(door)
      const node = fault.name === 'moved' ? nodes.withoutSlots : nodes.down
      expect(alike(await converse(door.port, talk))).toBe(alike(await converse(node, talk)))
    })

    test('a queue from before is refused as a whole', async () => {
      const first = [['MULTI'], ['PING'], ['SET', 'a', '1']]
      const said = await converse(door.port, {
        first,
        between: () => fault.apply(door),
        next: [['EXEC'], ['PING'], ['EXEC']],
      })
      expect(said).toMatch(
        /QUEUED\r\n-(MOVED 15495 127.0.0.1:1|CLUSTERDOWN The cluster is down)\r\n\+PONG\r\n-ERR EXEC/,
      )
    })
  })
})

test('maxclients: what a real server says to one too many', async () => {
  const { host, port } = real.redis
  await tell(real, ['CONFIG', 'SET', 'maxclients', '1'])
  const only = await rawClient(port)
  await only.write('PING\r\n')
  await until('in', () => only.received().length > 0)
  const tooMany = async (at: number) => {
    const client = await rawClient(at)
    await client.closed
    return client.received().toString()
  }
  await maxclients.apply(door)
  expect(await tooMany(door.port)).toBe(await tooMany(port))
  expect(door.counts()).toMatchObject({ connectionsTurnedAway: 1 })
  only.socket.destroy()
  await until('free', async () => {
    const [answer] = await ask({ host, port, deadlineMs: 500 }, ['CONFIG', 'SET', 'maxclients', '100']).catch(
      () => [''],
    )
    return answer === 'OK'
  })
})
