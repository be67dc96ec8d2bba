import { createInterface } from 'node:readline'
import { sanitiseRendered } from '../sanitise.js'

/** Whether somebody sits there who can be asked. */
export function canAsk(json: boolean): boolean {
  return !json && process.stdin.isTTY === true && process.stderr.isTTY === true
}

interface Streams {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** What somebody types after the question; empty when they only end the input. Rejects when the signal aborts. */
export async function ask(
  question: string,
  signal: AbortSignal,
  { input, output }: Streams = { input: process.stdin, output: process.stderr },
): Promise<string> {
  // Not as a terminal: that would take Ctrl-C away from the process.
  const lines = createInterface({ input, output, terminal: false })
  try {
    return await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      lines.once('close', () => resolve(''))
      lines.question(sanitiseRendered(question, false), (answer) => resolve(answer.trim()))
    })
  } finally {
    lines.close()
    input.pause()
  }
}
