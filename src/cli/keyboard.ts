import type { ReadStream } from 'node:tty'

export interface Keyboard {
  /** Gives the terminal back as it was. Idempotent. */
  close(): void
}

const CTRL_C = '\u0003'

/**
 * Calls the listener with each key as it is pressed. Ctrl-C stays what it is: a signal to this process.
 *
 * @param input a terminal; null comes back where it is none
 */
export function openKeyboard(
  onKey: (key: string) => void,
  input: ReadStream | NodeJS.ReadStream = process.stdin,
): Keyboard | null {
  if (input.isTTY !== true) return null
  const wasRaw = input.isRaw
  const hear = (keys: Buffer) => {
    // An escape sequence, such as that of an arrow, is one key of several characters; none of ours is.
    if (keys[0] === 0x1b) return
    for (const key of keys.toString('utf8')) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT')
      else onKey(key)
    }
  }
  input.setRawMode(true)
  input.on('data', hear)
  input.resume()
  return {
    close: () => {
      input.off('data', hear)
      input.setRawMode(wasRaw)
      input.pause()
    },
  }
}
