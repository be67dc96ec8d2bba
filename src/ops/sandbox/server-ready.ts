import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './ask.js'
import type { ServerProcess } from './server-process.js'

export type Readiness =
  | { state: 'ready' }
  | { state: 'port taken' }
  | { state: 'ended'; how: string }
  | { state: 'late'; why: string }

export interface ReadyOptions {
  host: string
  port: number
  password?: string | undefined
  deadlineMs: number
  signal?: AbortSignal | undefined
}

/**
 * Waits until `server` answers PING. Its INFO must name its own process: on a port that somebody else took first, a
 * stranger's Redis would answer as well. Rejects with the signal's reason when aborted.
 */
export async function serverReady(server: ServerProcess, options: ReadyOptions): Promise<Readiness> {
  const deadline = performance.now() + options.deadlineMs
  let ended: string | undefined
  void server.exited.then((how) => (ended = how))
  let why = 'no connection'
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 1.5, 50)) {
    options.signal?.throwIfAborted()
    if (ended !== undefined) {
      // The last lines may still be in the pipe when the exit is reported.
      await sleep(20)
      const taken = server.lastLines().some((line) => line.includes('Address already in use'))
      return taken ? { state: 'port taken' } : { state: 'ended', how: ended }
    }
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) return { state: 'late', why }
    try {
      const asked = ask({ ...options, deadlineMs: Math.min(leftMs, 1000) }, ['PING'], ['INFO', 'server'])
      // A stranger that holds the port may accept and say nothing, while ours has long given up.
      const [pong, info] = await Promise.race([asked, server.exited.then(() => [])])
      const answering = /^process_id:(\d+)/m.exec(info ?? '')?.[1]
      if (pong === 'PONG' && answering === String(server.pid)) return { state: 'ready' }
      why = pong === 'PONG' ? `process ${answering} answers instead of ${server.pid}` : String(pong)
    } catch (error) {
      why = (error as Error).message
    }
    await Promise.race([sleep(pauseMs), server.exited])
  }
}
