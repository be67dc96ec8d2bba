import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { RestDoor } from '../../../../src/ops/faults/doors/door.js'
import { createRestDoor } from '../../../../src/ops/faults/doors/rest.js'

export interface Recorder {
  host: string
  port: number
  /** Requests in the order in which they were complete. */
  requests: { method: string; target: string; headers: string[]; body: string }[]
}

/** A service that records what reaches it, and answers as told. Gone when the test is. */
export async function recorder(
  answer: (response: ServerResponse, body: string, request: IncomingMessage) => void = (response, body) =>
    response.end(body),
): Promise<Recorder> {
  const requests: Recorder['requests'] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    response.on('error', () => undefined)
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1')
      const { method = '', url = '', rawHeaders } = request
      requests.push({ method, target: url, headers: rawHeaders, body })
      answer(response, body, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, requests }
}

export async function doorTo(upstream: { host: string; port: number }): Promise<RestDoor> {
  const door = await createRestDoor({ upstream })
  onTestFinished(() => door.close())
  return door
}

export const urlOf = ({ host, port }: { host: string; port: number }, path = '/') =>
  `http://${host}:${port}${path}`
