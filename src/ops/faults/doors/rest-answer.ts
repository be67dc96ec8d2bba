import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RestTreatment } from '../rest/rule.js'
import { messageHeaders } from './forward.js'

/** Hands an answer on as it comes. */
export function passOn(answer: IncomingMessage, response: ServerResponse): void {
  begin(answer, response)
  // Whichever side ends early takes the other with it.
  pipeline(answer, response, () => undefined)
}

/** Hands an answer on late and in pieces; resolves when the client has it, or has gone. */
export async function drip(
  answer: IncomingMessage,
  response: ServerResponse,
  { delayMs, pieces, everyMs }: Extract<RestTreatment, { kind: 'slow' }>,
): Promise<void> {
  const body = Buffer.concat((await answer.toArray()) as Buffer[])
  await sleep(delayMs, undefined, { ref: false })
  if (response.destroyed) return
  begin(answer, response)
  response.flushHeaders()
  const size = Math.max(1, Math.ceil(body.length / pieces))
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await sleep(everyMs, undefined, { ref: false })
    response.write(body.subarray(at, at + size))
  }
  response.end()
}

function begin({ statusCode = 502, statusMessage, rawHeaders }: IncomingMessage, response: ServerResponse) {
  response.sendDate = false
  response.writeHead(statusCode, statusMessage, messageHeaders(rawHeaders))
}
