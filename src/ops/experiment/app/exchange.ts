import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import type { Probe } from '../../config/probes/probe.js'

/** Of a body only so much is kept; what an app sends beyond it is read and forgotten. */
const BODY_BYTES = 256 * 1024

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Sends probes to one origin over connections of its own, which are kept alive. */
export interface Exchange {
  /**
   * Rejects when the connection breaks, with the system's words, and with `TimeoutError` when the answer is not complete within
   * the deadline.
   */
  send(probe: Probe, deadlineMs: number): Promise<Answer>
  /** Cuts what is open. */
  close(): void
}

/** No complete answer in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

export function createExchange(origin: URL, maxSockets: number): Exchange {
  const agent = new Agent({ keepAlive: true, maxSockets, scheduling: 'lifo' })
  const once = (probe: Probe, deadlineMs: number) =>
    new Promise<Answer>((resolve, reject) => {
      const { method, path, headers, body } = probe
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const { hostname, port } = origin
      const host = hostname.replace(/^\[|\]$/g, '')
      const asked = request({ agent, host, port, method, path, headers: { ...length, ...headers } })
      const timer = setTimeout(() => {
        // Of an answer that is under way the system would say no more than that it was aborted.
        const error = new TimeoutError(`no complete answer within ${deadlineMs / 1000} s`)
        reject(error)
        asked.destroy(error)
      }, deadlineMs)
      asked.once('error', (error) => reject(wrapped(error, asked.reusedSocket)))
      let hasBegun = false
      asked.once('close', () => {
        clearTimeout(timer)
        // Of an answer that leaves HTTP, as 101 does, Node says nothing more.
        if (!hasBegun) reject(new Error('the connection ended without an answer'))
      })
      asked.once('response', (response) => {
        hasBegun = true
        const chunks: Buffer[] = []
        let kept = 0
        response.on('data', (chunk: Buffer) => {
          if (kept < BODY_BYTES) chunks.push(chunk.subarray(0, BODY_BYTES - kept))
          kept += chunk.length
        })
        response.once('error', (error) => reject(wrapped(error, false)))
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
        })
      })
      asked.end(body)
    })
  return {
    async send(probe, deadlineMs) {
      try {
        return await once(probe, deadlineMs)
      } catch (error) {
        // A server may close an idle connection at the very moment at which it is used again; clients then ask anew.
        if (!(error instanceof StaleConnectionError) || !isSafe(probe.method)) throw error
        return once(probe, deadlineMs)
      }
    },
    close: () => agent.destroy(),
  }
}

class StaleConnectionError extends Error {}

function wrapped(error: NodeJS.ErrnoException, reused: boolean): Error {
  return reused && error.code === 'ECONNRESET' ? new StaleConnectionError(error.message) : error
}

const isSafe = (method: string) => method === 'GET' || method === 'HEAD'
