import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RestService {
  url: string
  /** What was asked, in order: the path and the parsed body. */
  asked: { path: string; body: unknown }[]
  /** Open connections. */
  connections(): Promise<number>
  answer: (body: string, request: IncomingMessage, response: ServerResponse) => void
  stop(): Promise<void>
}

/** A real HTTP server that answers like Upstash, or like what may stand in its place, as the test tells it. */
export async function startRestService(answer: RestService['answer']): Promise<RestService> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => (body += text))
    request.on('end', () => {
      service.asked.push({ path: request.url ?? '', body: JSON.parse(body) })
      service.answer(body, request, response)
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const service: RestService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    connections: () => new Promise((done) => server.getConnections((_, count) => done(count))),
    answer,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
  return service
}

export function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

/** TIME as Upstash tells it in base64. */
export function timeReply(ms: number): string {
  const part = (value: number) => Buffer.from(String(value)).toString('base64')
  return JSON.stringify({ result: [part(Math.floor(ms / 1000)), part((ms % 1000) * 1000)] })
}
