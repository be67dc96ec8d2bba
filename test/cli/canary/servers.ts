import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createOperatorClient, type Command } from '../../../src/library/backends/operator.js'
import { startLoopbackServer } from '../../../src/ops/sandbox/http/loopback-server.js'
import { startSandbox } from '../../../src/ops/sandbox/start-sandbox.js'
import { startUpstashEndpoint } from '../../../src/ops/sandbox/upstash/endpoint.js'
import { SECRETS } from './secrets.js'

export interface Servers {
  /** With a password, keys and values that are secrets, and a slow log of what was asked with them. */
  redis: { port: number; freeze(): void }
  upstash: { url: string }
  /** Says what it was sent, as an error. */
  echo: { port: number }
  /** The same over HTTP: the credentials of each request. */
  echoRest: { url: string }
  stop(): Promise<void>
}

const FILLING: Command[] = [
  ['CONFIG', 'SET', 'slowlog-log-slower-than', '0', 'latency-monitor-threshold', '1'],
  ['SET', `copilot:conv:${SECRETS.id}`, JSON.stringify({ password: SECRETS.value }), 'EX', 300],
  ['SET', `copilot:conv:second-${SECRETS.id}`, SECRETS.value],
  ['SET', `copilot:llm:policy:${SECRETS.id}`, SECRETS.value, 'EX', 300],
  ['SET', `copilot:conv:${SECRETS.id}:of:no:family`, SECRETS.value],
  ['SET', `session:${SECRETS.id}`, SECRETS.value.repeat(4000)],
  ['SET', SECRETS.id, SECRETS.value],
  ['HSET', `profile:${SECRETS.id}`, SECRETS.id, SECRETS.value],
  ['CONFIG', 'SET', 'requirepass', SECRETS.url],
]

export async function startServers(): Promise<Servers> {
  const sandbox = await startSandbox()
  const admin = await createOperatorClient({ url: sandbox.redis.url })
  for (const command of FILLING) await admin.send(...command)
  admin.close()
  const redisUrl = sandbox.redis.url.replace('//', `//:${encodeURIComponent(SECRETS.url)}@`)
  const [upstash, echo, echoRest] = await Promise.all([
    startUpstashEndpoint({ redisUrl, token: SECRETS.token }),
    startEcho(),
    startLoopbackServer(({ url, headers: { authorization, apikey } }, response) => {
      const said = `what is this: ${authorization} ${String(apikey)} ${url}`
      // Of 401 and 403 we know what it means, and say that instead.
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: said, message: said, hint: said, code: said }))
      return Promise.resolve()
    }, 0),
  ])
  return {
    redis: { port: sandbox.redis.port, freeze: () => sandbox.redis.freeze() },
    upstash,
    echo,
    echoRest: { url: `http://${echoRest.host}:${echoRest.port}` },
    async stop() {
      sandbox.redis.thaw()
      await Promise.all([upstash.stop(), echo.stop(), echoRest.stop()])
      await sandbox.stop()
    },
  }
}

async function startEcho(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const commands = bytes.toString().split(/^\*\d+\r\n/m)
      for (const command of commands.slice(1)) {
        const words = command.split('\r\n').filter((word) => !word.startsWith('$'))
        socket.write(`-ERR what is this: ${words.join(' ')}\r\n`)
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}
