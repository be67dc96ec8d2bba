import type { ProxyStatus } from '../../ops/report/proxy-report.js'
import { openKeyboard } from '../keyboard.js'
import type { Progress } from '../progress.js'
import { keysOf, keysText, statusText } from './proxy.js'

const LOOK_EVERY_MS = 500

/** What somebody at a terminal can do to a proxy. */
export interface Steered {
  status(): ProxyStatus
  apply(name: string): Promise<void>
  open(): Promise<void>
  quit(): void
}

export interface SessionOptions {
  /** By which keys are given to them, in this order. */
  faults: readonly { name: string }[]
  steered: Steered
  /** Shows the status line; null where nothing can be redrawn. */
  progress: Progress | null
  note(text: string): void
}

/** Keys and a status line for as long as the proxy runs; where nobody sits at a terminal, nothing. */
export interface Session {
  note(text: string): void
  /** Gives the terminal back. Idempotent. */
  close(): void
}

export function openSession({ faults, steered, progress, note }: SessionOptions): Session {
  const keys = keysOf(faults)
  const show = () => progress?.update(statusText(steered.status(), Date.now()))
  const told = (text: string) => {
    progress?.stop()
    note(text)
  }
  const press = async (key: string) => {
    try {
      if (key === 'q') steered.quit()
      else if (key === 'o') await steered.open()
      else await steered.apply(keys.get(key)?.name ?? '')
    } catch (error) {
      told(error instanceof Error ? error.message : String(error))
    }
  }
  const keyboard = openKeyboard((key) => {
    if (key === 'q' || key === 'o' || keys.has(key)) void press(key)
    else told(keysText(keys))
  })
  if (keyboard === null) return { note, close: () => undefined }
  note(keysText(keys))
  show()
  const timer = setInterval(show, LOOK_EVERY_MS)
  return {
    note: told,
    close: () => {
      clearInterval(timer)
      progress?.stop()
      keyboard.close()
    },
  }
}
