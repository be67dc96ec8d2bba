import { createInterface } from 'node:readline'
import { sanitise } from '../sanitise.js'

/** Whether somebody sits there who can be asked. */
export function canAsk(json: boolean): boolean {
  return !json && process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** What somebody types after the question; empty when they only end the input. Rejects when the signal aborts. */
export async function ask(question: string, signal: AbortSignal): Promise<string> {
  // Not as a terminal: that would take Ctrl-C away from the process.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    return await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      lines.once('close', () => resolve(''))
      lines.question(sanitise(question), (answer) => resolve(answer.trim()))
    })
  } finally {
    lines.close()
    process.stdin.pause()
  }
}
