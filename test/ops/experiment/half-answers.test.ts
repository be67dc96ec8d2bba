import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createExchange } from '../../../src/ops/experiment/app/exchange.js'
import { proxyClient } from '../../../src/ops/experiment/remote/proxy-client.js'
import { createRestDoor } from '../../../src/ops/faults/doors/rest.js'

/** What a server says that is no whole answer; then it hangs up. */
const HALVES = {
  'leaves HTTP': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  'ends in the middle': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"schema"',
  'says nothing': '',
}

let directory: string
let server: Server
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'half-answers-'))
  writeFileSync(join(directory, 'token'), 'token')
})
afterEach(() => server.close())
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function serve(half: string): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(half))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

const halves = Object.entries(HALVES)

test.for(halves)('an app that %s has given no answer', async ([, half]) => {
  const exchange = createExchange(new URL(`http://127.0.0.1:${await serve(half)}`), 1)
  const probe = { method: 'GET', path: '/', expect: { statuses: ['2xx'] } }
  await expect(exchange.send(probe, 20_000)).rejects.toThrow(/ended|aborted|hang up/)
  exchange.close()
})

test.for(halves)('a control port that %s is told as away', async ([, half]) => {
  const client = await proxyClient(`http://127.0.0.1:${await serve(half)}`, join(directory, 'token'))
  await expect(client.status()).rejects.toThrow(/The proxy does not answer: (?!no answer in time)/)
})

test.for(halves)('who asks a service that %s hears of it through a door', async ([, half]) => {
  const door = await createRestDoor({ upstream: { host: '127.0.0.1', port: await serve(half) } })
  const asked = new Promise((resolve, reject) => {
    const sent = request({ host: door.host, port: door.port, agent: false }, (answer) => {
      answer.on('error', reject).on('end', resolve).resume()
    })
    sent.on('error', reject).end()
  })
  await expect(asked).rejects.toThrow(/hang up|aborted/)
  await door.close()
})
