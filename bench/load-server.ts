// An app that answers every request with a delay that is known; told `own`, it tells what it knows of itself.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDelay, type Delay } from './load/delay.js'

const delay = createDelay(process.argv[2] as Delay)
const server = createServer((_, response) => {
  void delay.wait().then(() => response.end('ok'))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', 2048, () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.send?.({ own: delay.own() }))
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
