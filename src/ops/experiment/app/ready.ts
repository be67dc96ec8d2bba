import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { EnvironmentError, UsageError } from '../../report/errors.js'
import { duration } from '../in-words.js'
import { monotonicMs } from '../monotonic.js'
import { describeError } from '../plain-text.js'
import { Stopped } from '../stopping.js'
import type { AppSpec } from './app.js'
import type { Exchange } from './exchange.js'
import { saidLast, type RunningApp } from './launch.js'

export const READY_WITHIN_MS = 30_000
const ASK_EVERY_MS = 50
const ANSWER_WITHIN_MS = 2000

/** @throws UsageError `BAD_READY_URL` unless it is plain HTTP on loopback: nothing else is ever sent anything */
export function readyUrl(text: string): URL {
  const bad = (why: string) =>
    new UsageError('BAD_READY_URL', `--ready: ${JSON.stringify(text.slice(0, 100))} ${why}.`, [
      '--ready http://127.0.0.1:3000/health',
    ])
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw bad('is no URL')
  if (url.protocol !== 'http:') throw bad('is not plain HTTP, which is what an app speaks on its own machine')
  if (url.username || url.password) throw bad('holds a credential; give it as a header in a --probes file')
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname))
    throw bad('is not on this machine; an app that was started here is asked at localhost or 127.0.0.1')
  return url
}

/** @throws EnvironmentError `PORT_TAKEN` when somebody listens there before the app has been started */
export async function checkPortFree(url: URL): Promise<void> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostOf(url), port: Number(url.port || 80), timeout: 1000 })
    const settle = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => settle(true))
    socket.once('timeout', () => settle(true))
    socket.once('error', () => settle(false))
  })
  if (!isTaken) return
  const port = url.port || '80'
  throw new EnvironmentError(
    'PORT_TAKEN',
    `Something else already listens on ${url.host}, where the app is to answer; it would be drilled in the app's place.`,
    [`end it (lsof -i :${port}), or start the app on another port and say so in --ready`],
  )
}

/** Asks until the app answers 2xx or 3xx. Rejects with `Stopped` when that takes too long. */
export async function untilReady(
  spec: Pick<AppSpec, 'readyWithinMs'>,
  url: URL,
  { exchange, app, signal }: { exchange: Exchange; app: RunningApp; signal: AbortSignal },
): Promise<void> {
  const { readyWithinMs = READY_WITHIN_MS } = spec
  const deadline = monotonicMs() + readyWithinMs
  const probe = { method: 'GET', path: `${url.pathname}${url.search}`, expect: { statuses: ['2xx', '3xx'] } }
  let heard = 'it was never asked'
  while (!signal.aborted) {
    const leftMs = deadline - monotonicMs()
    if (leftMs <= 0) {
      throw new Stopped(
        'unprepared',
        `the app was not ready within ${duration(readyWithinMs)}: ${url.href} ${heard}${saidLast(app.output)}. See that --ready is where it answers, or give it longer with --ready-within`,
      )
    }
    try {
      const { status } = await exchange.send(probe, Math.min(ANSWER_WITHIN_MS, leftMs))
      if (status >= 200 && status < 400) return
      heard = `answered ${status}`
    } catch (error) {
      heard = `gave no answer (${describeError(error)})`
    }
    await sleep(ASK_EVERY_MS)
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}
