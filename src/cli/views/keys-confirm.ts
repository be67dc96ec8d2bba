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
      const ended = () => {
        // The cursor stands behind the question, where an answer would have ended the line.
        if (!signal.aborted) output.write('\n')
        resolve('')
      }
      lines.once('close', ended)
      lines.question(sanitiseRendered(question, false), (answer) => {
        lines.off('close', ended)
        resolve(answer.trim())
      })
    })
  } finally {
    lines.close()
    input.pause()
  }
}
