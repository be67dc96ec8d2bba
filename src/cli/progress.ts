import type { Ora } from 'ora'
import type { Redactor } from './redactor.js'
import { sanitise } from './sanitise.js'
import type { Sink, Stream } from './sink.js'

/** What is going on, for whoever waits. Never part of the result. */
export interface Progress {
  /** The present phase. Where nothing can be redrawn it becomes a line, once per change. */
  update(text: string): void
  /** Takes the spinner away. It returns with the next `update`. */
  stop(): void
}

export interface ProgressOptions {
  sink: Sink
  redactor: Redactor
  /** Where progress is shown. */
  stream: Stream & NodeJS.WritableStream
  /** `spinner` on a terminal; `lines` for logs; `none` for silence. */
  mode: 'spinner' | 'lines' | 'none'
}

export function createProgress(options: ProgressOptions): Progress {
  if (options.mode === 'none') return { update() {}, stop() {} }
  if (options.mode === 'spinner') return spinner(options)
  let last: string | undefined
  return {
    update(text) {
      if (text === last) return
      last = text
      void options.sink.text(options.stream, `${sanitise(text)}\n`)
    },
    stop() {},
  }
}

/** `spinner` needs a terminal that can redraw and nobody keeping a log of it. */
export function progressMode(flags: { json: boolean; quiet: boolean }, stream: Stream, env = process.env) {
  if (flags.quiet) return 'none'
  // A pseudo-terminal that nobody gave a size has 0 columns, and ora then redraws for ever.
  const redraws = stream.isTTY === true && stream.columns !== 0 && !env['CI'] && env['TERM'] !== 'dumb'
  if (redraws) return 'spinner'
  return flags.json ? 'none' : 'lines'
}

function spinner({ redactor, stream }: ProgressOptions): Progress {
  let shown: string | undefined
  let ora: Ora | undefined
  let loading: Promise<void> | undefined
  const draw = () => {
    if (!ora || shown === undefined) return
    ora.text = shown
    if (!ora.isSpinning) ora.start()
  }
  return {
    update(text) {
      shown = redactor.text(sanitise(text))
      // discardStdin puts the terminal into raw mode, in which Ctrl-C no longer is a signal to the whole group.
      loading ??= import('ora').then(({ default: create }) => {
        ora = create({ stream, discardStdin: false, hideCursor: true })
      })
      void loading.then(draw)
    },
    stop() {
      shown = undefined
      ora?.stop()
    },
  }
}
