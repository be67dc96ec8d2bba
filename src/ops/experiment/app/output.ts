import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Signal } from '../measurement.js'
import { plainText } from '../plain-text.js'
import type { ProbeSecrets } from './probe-secrets.js'

/** Kept as signals from the start to the fault, and again from the fault on. */
const LINES_KEPT = 200
const LAST_LINES = 5
/** A line that never ends is cut, and goes on as another one. */
const LINE_LENGTH = 4096

/** What an app prints, of which only a bounded part is kept, however much it is. */
export interface AppOutput {
  /** From here on there is room for as many lines again. */
  renew(): void
  bytes(): number
  signals(): Signal[]
  /** Of the lines that were kept, those that hold a secret: how many, and when the first came. */
  secretsTold(): SecretsTold
  /** Lines that were not kept as signals. */
  dropped(): number
  /** The last lines, in order, without anything that a terminal would act on. */
  lastLines(): string[]
}

export interface SecretsTold {
  lines: number
  /** Absolute; null: none did. */
  firstMs: number | null
}

/**
 * @param nowMs absolute; signals are told in it
 * @param secrets what nobody is to read, and what the app may not print
 */
export function watchOutput(
  streams: readonly (Readable | null)[],
  nowMs: () => number,
  { hide, isToldIn }: Pick<ProbeSecrets, 'hide' | 'isToldIn'> = {
    hide: (text) => text,
    isToldIn: () => false,
  },
): AppOutput {
  const signals: Signal[] = []
  /** The end of a flood, of which no line was looked at. */
  let flood = ''
  let bytes = 0
  let dropped = 0
  let room = LINES_KEPT
  let last: string[] = []

  const onLine = (line: string) => {
    const text = plainText(line)
    if (text === '') return
    if (room <= 0) {
      dropped += 1
      return
    }
    room -= 1
    last = [...last, text].slice(-LAST_LINES)
    signals.push({ kind: 'log', atMs: nowMs(), text })
  }
  for (const stream of streams) {
    let decoder = new StringDecoder('utf8')
    let rest = ''
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // Past what is kept a line costs nothing but its count, or a flood would keep us from sending probes in time.
      if (room <= 0) {
        dropped += lineEnds(chunk)
        flood = chunk.subarray(-LINE_LENGTH).toString('utf8')
        rest = ''
        decoder = new StringDecoder('utf8')
        return
      }
      flood = ''
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = (lines.pop() ?? '').slice(0, LINE_LENGTH)
      for (const line of lines) onLine(line)
    })
    stream?.on('close', () => onLine(rest))
    stream?.on('error', () => undefined)
  }
  return {
    renew: () => {
      room = LINES_KEPT
    },
    bytes: () => bytes,
    // Hidden as late as this: a token is printed before the probe that captures it has been answered.
    signals: () => signals.map((signal) => ({ ...signal, text: hide(signal.text) })),
    secretsTold: () => {
      const told = signals.filter(({ text }) => isToldIn(text ?? ''))
      return { lines: told.length, firstMs: told[0]?.atMs ?? null }
    },
    dropped: () => dropped,
    lastLines: () =>
      [...last, ...flood.split('\n').map(plainText)].filter(Boolean).slice(-LAST_LINES).map(hide),
  }
}

function lineEnds(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count += 1
  return count
}
