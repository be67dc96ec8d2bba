import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Upstream } from './upstream.js'

/** What concerns one connection and not the message; each side of a proxy has its own. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'te', 'expect'])

/** Name, value, name, value, …, in the order and the case in which they came. */
export function messageHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !OF_THE_CONNECTION.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()))
}

/**
 * Asks the service what a client asked, word for word, except for the name that it is called by where it has one.
 *
 * @returns its answer as it begins; rejects when there is none
 */
export function forward(
  { method, url, rawHeaders }: IncomingMessage,
  body: Buffer,
  { host, port, tls, authority }: Upstream,
  agent: Agent,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = messageHeaders(rawHeaders)
    const named = authority === undefined ? headers : calling(authority, headers)
    const request = tls ? httpsRequest : httpRequest
    const asked = request({ host, port, method, path: url, headers: named, agent })
    asked.once('response', resolve)
    asked.on('error', reject)
    // Of an answer that leaves HTTP, as 101 does, Node says nothing more.
    asked.once('close', () => reject(new Error('the service gave no answer')))
    asked.end(body.length > 0 ? body : undefined)
  })
}

function calling(authority: string, headers: readonly string[]): string[] {
  const isHost = (at: number) => headers[at - (at % 2)]?.toLowerCase() === 'host'
  return ['Host', authority, ...headers.filter((_, at) => !isHost(at))]
}
