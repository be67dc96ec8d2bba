import type { Door } from '../faults/doors/door.js'
import type { Fault } from '../faults/fault.js'
import type { Narrowing } from '../faults/narrowing.js'
import { upstreamOf } from '../faults/doors/upstream.js'
import { createRestDoor } from '../faults/doors/rest.js'
import { createTcpDoor } from '../faults/doors/tcp.js'
import type { Proxied, ProxyReport } from '../report/proxy-report.js'
import { startWatchdog } from '../sandbox/watchdog.js'
import { serveControl } from './control/serve.js'
import { writeTokenFile } from './control/token-file.js'
import { PROTOCOL_OF } from './faults.js'
import { FaultyDoor, type DoorEvent } from './faulty-door.js'
import { requireReachable } from './reach.js'
import { throughDoor } from './upstream.js'

export interface ProxyOptions {
  to: Proxied
  /** The server's own, with which clients reach it. What it holds of credentials goes nowhere. */
  url: string
  /** @default a free one */
  port?: number | undefined
  /** @default a free one */
  controlPort?: number | undefined
  /** On from the start. */
  fault?: Fault | undefined
  /** What of all that it would touch that one touches. */
  narrowing?: Narrowing | undefined
  /** Ends that one after so long. */
  forMs?: number | undefined
  /** Ends the start, not the proxy. */
  signal?: AbortSignal | undefined
  onEvent?: ((event: DoorEvent) => void) | undefined
}

/** A faulty door between an application that runs and its server, and the port by which programs say what is wrong. */
export interface Proxy {
  readonly door: FaultyDoor
  /** For the application, in place of its own; without credentials. */
  readonly url: string
  readonly place: ProxyReport['proxy']
  readonly control: ProxyReport['control']
  /** Lifts what is on, closes both ports and removes the token. Idempotent. */
  stop(): Promise<void>
}

/**
 * The fault lives in this process: when it ends in any way, the application finds a closed port.
 *
 * @throws EnvironmentError when the server cannot be reached, or a port is taken; nothing is left then
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { to, url, fault, narrowing, forMs, signal, onEvent } = options
  const upstream = upstreamOf(url)
  await requireReachable(upstream, signal)
  const closing: (() => Promise<void>)[] = []
  let stopping: Promise<void> | null = null
  const stop = () => (stopping ??= inTurn(closing.toReversed()))
  try {
    const watchdog = startWatchdog()
    closing.push(() => watchdog.stop())
    const tokenFile = await writeTokenFile(watchdog)
    closing.push(() => tokenFile.remove())
    const behind = await openDoor(to, upstream, options.port)
    const door = new FaultyDoor(to, behind, onEvent)
    closing.push(() => door.close())
    const control = await serveControl(door, tokenFile.token, options.controlPort ?? 0)
    closing.push(() => control.stop())
    if (fault) await door.apply(fault, { forMs, narrowing })
    return {
      door,
      url: throughDoor(url, behind),
      place: { host: behind.host, port: behind.port },
      control: { url: `http://${control.host}:${control.port}`, tokenFile: tokenFile.path },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function openDoor(
  to: Proxied,
  upstream: ReturnType<typeof upstreamOf>,
  port: number | undefined,
): Promise<Door> {
  const at = { upstream, ...(port !== undefined && { port }) }
  const protocol = PROTOCOL_OF[to]
  return protocol === 'resp' ? createTcpDoor(at) : createRestDoor({ ...at, protocol })
}

/** Each gets its turn, whatever becomes of the others. */
async function inTurn([first, ...rest]: (() => Promise<void>)[]): Promise<void> {
  try {
    await first?.()
  } finally {
    if (rest.length > 0) await inTurn(rest)
  }
}
