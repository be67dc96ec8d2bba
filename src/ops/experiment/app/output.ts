import type { Readable } from 'node:stream'
import type { Signal } from '../measurement.js'
import { shortened, unescaped } from '../plain-text.js'
import { PrintedLines, type PrintedLine } from './printed-lines.js'
import type { ProbeSecrets } from './probe-secrets.js'

/** Kept as signals from the start to the fault, and again from the fault on. */
const LINES_KEPT = 200
const LAST_LINES = 5

/** What an app prints, of which only a bounded part is kept, however much it is. */
export interface AppOutput {
  /** From here on there is room for as many lines again. */
  renew(): void
  bytes(): number
  /** @param from how many of the first to leave out */
  signals(from?: number): Signal[]
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
 * Memory is bounded: 16 KiB of each line that is kept, of which a signal shows 200 characters without secrets.
 *
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
  const kept: (PrintedLine & { atMs: number })[] = []
  /** Whose end is the last that was printed, while no line is looked at. */
  let flood: PrintedLines | null = null
  let bytes = 0
  let dropped = 0
  let room = LINES_KEPT

  const onLine = (line: PrintedLine) => {
    if (unescaped(line.raw) === '') return
    if (room <= 0) {
      dropped += 1
      return
    }
    room -= 1
    kept.push({ ...line, atMs: nowMs() })
  }
  for (const stream of streams) {
    const lines = new PrintedLines()
    stream?.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // Past what is kept a line costs nothing but its count, or a flood would keep us from sending probes in time.
      if (room <= 0) {
        dropped += lines.skip(chunk)
        flood = lines
        return
      }
      flood = null
      for (const line of lines.take(chunk)) onLine(line)
    })
    stream?.on('close', () => {
      const last = lines.underWay()
      if (last) onLine(last)
    })
    stream?.on('error', () => undefined)
  }

  // Hidden as late as this, as a token is printed before the probe that captures it has been answered; and before it is
  // shortened, or the first half of a token would stay. Twice: a terminal's escapes may stand in a secret, or eat of it.
  const shown = ({ raw, cut }: PrintedLine) => shortened(hide(unescaped(hide(raw, cut)), cut))
  return {
    renew: () => {
      room = LINES_KEPT
    },
    bytes: () => bytes,
    signals: (from = 0) =>
      kept.slice(from).map((line) => ({ kind: 'log', atMs: line.atMs, text: shown(line) })),
    secretsTold: () => {
      const told = kept.filter(({ raw }) => isToldIn(raw) || isToldIn(unescaped(raw)))
      return { lines: told.length, firstMs: told[0]?.atMs ?? null }
    },
    dropped: () => dropped,
    lastLines: () =>
      [...kept.slice(-LAST_LINES), ...(flood?.skipped() ?? [])].map(shown).filter(Boolean).slice(-LAST_LINES),
  }
}
