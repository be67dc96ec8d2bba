import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http'

/** What concerns one connection and not the message; each side of a proxy has its own. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'te', 'expect'])

/** Name, value, name, value, …, in the order and the case in which they came. */
export function messageHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !OF_THE_CONNECTION.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()))
}

/**
 * Asks the service what a client asked, word for word.
 *
 * @returns its answer as it begins; rejects when there is none
 */
export function forward(
  { method, url, rawHeaders }: IncomingMessage,
  body: Buffer,
  { host, port }: { host: string; port: number },
  agent: Agent,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host, port, method, path: url, headers: messageHeaders(rawHeaders), agent })
    asked.once('response', resolve)
    asked.on('error', reject)
    asked.end(body.length > 0 ? body : undefined)
  })
}
