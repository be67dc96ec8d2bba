import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, type Rig } from '../../../src/ops/experiment/rig.js'
import { dns } from '../../../src/ops/faults/dns.js'
import type { NamedDoor } from '../../../src/ops/faults/doors/door.js'

let rig: Rig
let door: NamedDoor
beforeAll(async () => {
  rig = await openRig({ needs: 'name' })
  door = rig.door as NamedDoor
})
afterAll(() => rig.close())

/** What a program of Node prints, in a process that has what the front gives to the subject's. */
async function run(program: string): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    NAME: door.name,
    PORT: `${door.port}`,
    ...rig.variables?.main,
  }
  const options = { env, timeout: 20_000 }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    options,
  )
  return JSON.parse(stdout)
}

// Every way to ask, callers that imported it by name included.
const ASK = `
  import dns, { lookup } from 'node:dns'
  import { lookup as promised } from 'node:dns/promises'
  import { promisify } from 'node:util'
  const shown = (asked) => asked.catch(({ message, errno, code, syscall, hostname }) => ({ message, errno, code, syscall, hostname }))
  const { NAME } = process.env
`

test('the subject is given the name, and its process finds it in every way', async () => {
  expect(rig.environments.main.redisUrl).toBe(`redis://${door.name}:${door.port}`)
  const found = await run(`${ASK}
    console.log(JSON.stringify([
      await promised(NAME), await promised(NAME, { all: true }), await promised(NAME, 4),
      await promisify(lookup)(NAME), await promisify(dns.lookup)(NAME, { all: true, family: 0 }),
      await shown(promised(NAME, { family: 6 })),
      await promised('127.0.0.1'), (await promised('localhost', { family: 4 })).address,
      await new Promise((done) => lookup(NAME.toUpperCase(), (error, address, family) => done({ error, address, family }))),
    ]))`)
  const one = { address: '127.0.0.1', family: 4 }
  expect(found).toEqual([
    one,
    [one],
    one,
    one,
    [one],
    expect.objectContaining({ code: 'ENOTFOUND' }),
    one,
    '127.0.0.1',
    { error: null, ...one },
  ])
})

test('who connects, and who fetches, gets there by the name', async () => {
  const server = createServer((_request, response) => response.end('there'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const got = await run(`
    import { connect } from 'node:net'
    const { NAME, PORT } = process.env
    const socket = connect(Number(PORT), NAME, () => socket.write('PING\\r\\n'))
    const reply = await new Promise((done) => socket.once('data', (data) => done(data.toString())))
    socket.destroy()
    const text = await (await fetch('http://' + NAME + ':${port}/')).text()
    console.log(JSON.stringify([reply, text]))`)
  server.close()
  server.closeAllConnections()
  expect(got).toEqual(['+PONG\r\n', 'there'])
})

test('under the fault it fails as getaddrinfo does, in both ways, and heals', async () => {
  const real = await lookup('a..b').catch((error: unknown) => error as NodeJS.ErrnoException)
  const before = door.counts()
  await dns.apply(door)
  const failed = await run(`${ASK}
    console.log(JSON.stringify([await shown(promised(NAME)), await shown(promisify(lookup)(NAME))]))`)
  const { errno, code, syscall } = real as NodeJS.ErrnoException
  const failure = { hostname: door.name, syscall }
  expect(failed).toEqual([
    { ...failure, errno, code, message: `getaddrinfo ${code} ${door.name}` },
    { ...failure, errno: -3001, code: 'EAI_AGAIN', message: `getaddrinfo EAI_AGAIN ${door.name}` },
  ])
  const { evidence, witnessed } = dns.witness(before, door.counts())
  expect(evidence).toMatch(/^0 connections cut; (\d+) of \1 lookups of its name failed$/)
  expect(witnessed).toBe(false)
  await dns.lift(door)
  await dns.lift(door)
  expect(await run(`${ASK} console.log(JSON.stringify(await promised(NAME)))`)).toEqual({
    address: '127.0.0.1',
    family: 4,
  })
})

test('what is no question harms nobody', async () => {
  const socket = createSocket('udp4')
  const { host, port } = door.resolver
  const question = Buffer.from('000101000001000000000000ff', 'hex')
  for (const bytes of [Buffer.alloc(1), Buffer.alloc(13), Buffer.alloc(2000, 0xff), question])
    await new Promise((sent) => socket.send(bytes, port, host, sent))
  socket.close()
  expect(await run(`${ASK} console.log(JSON.stringify((await promised(NAME)).address))`)).toBe('127.0.0.1')
})
