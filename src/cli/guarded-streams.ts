import { isDebugging } from './report-error.js'
import type { Redactor } from './redactor.js'
import type { Stream } from './sink.js'

const originals = new WeakMap<object, Stream>()

/** What we did not write ourselves (a debug log, a warning of Node's, a dependency) leaves its secrets behind as well. */
export function guardStreams(
  redactor: Redactor,
  streams: NodeJS.WriteStream[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (...parameters: unknown[]) => boolean
    originals.set(stream, {
      write,
      get isTTY() {
        return stream.isTTY
      },
      get columns() {
        return stream.columns
      },
    })
    stream.write = ((chunk: unknown, ...rest: unknown[]) =>
      write(withoutSecrets(chunk, redactor), ...rest)) as typeof stream.write
  }
}

function withoutSecrets(chunk: unknown, redactor: Redactor): unknown {
  if (typeof chunk === 'string') return redactor.text(chunk)
  if (!(chunk instanceof Uint8Array)) return chunk
  const text = Buffer.from(chunk).toString()
  const redacted = redactor.text(text)
  // Bytes need not be text, or may end within a character.
  return redacted === text ? chunk : redacted
}

/** Node prints its warnings past `process.stderr`, and they are for us: they are shown under DEBUG, through the guard. */
export function guardWarnings(): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (isDebugging()) process.stderr.write(`${warning.name}: ${warning.message}\n`)
  })
}

/** What a dependency warns its developers of, such as ioredis of an INFO that it may not read: under DEBUG as well. */
export function guardConsole(): void {
  const warn = globalThis.console.warn.bind(globalThis.console)
  globalThis.console.warn = (...words: unknown[]) => {
    if (isDebugging()) warn(...words)
  }
}

/** The stream beneath the guard, for text that has been through the sink: JSON redacted twice might not be JSON. */
export function unguarded(stream: NodeJS.WriteStream): Stream {
  return originals.get(stream) ?? stream
}
