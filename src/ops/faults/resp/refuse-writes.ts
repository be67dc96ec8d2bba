import type { Command } from './commands.js'
import { declaredFlags, guardScript } from './guard-script.js'
import type { Request } from './request-parser.js'
import { PASS, type Circumstances, type Queued, type Rule, type Treatment } from './rule.js'

/** How a server refuses to write in some state. */
export interface WriteRefusal {
  /** The error, without `-` and CRLF. */
  error: string
  refuses: (command: Command) => boolean
  /** Within a script, commands after which nothing is refused any more. */
  lifts: (command: Command) => boolean
  /** Whether a transaction with such commands in it fails as a whole. */
  refusesExec: (queued: Queued) => boolean
  /** Whether nothing at all can be added to a transaction. */
  refusesQueueing: boolean
  /** Flags of a script's first line with which it may run all the same. */
  allowedFlags: readonly string[]
}

const LEAVES_TRANSACTION = new Set(['exec', 'discard', 'quit', 'reset'])

/** The rule of a server that refuses writes; scripts are refused at the command where they write. */
export function refuseWrites(refusal: WriteRefusal): Rule {
  const { error } = refusal
  const answer: Treatment = { kind: 'answer', line: `-${error}\r\n` }
  const noExec: Treatment = {
    kind: 'answer',
    line: `-EXECABORT Transaction discarded because of: ${error}\r\n`,
  }
  const guarded = scriptCache((script) =>
    guardScript(script, { refuses: refusal.refuses, error, lifts: refusal.lifts }),
  )

  return (request, command, circumstances) => {
    const { queued } = circumstances
    if (refusal.refuses(command)) return answer
    if (queued !== null) {
      if (command.name === 'exec') return refusal.refusesExec(queued) ? noExec : PASS
      if (refusal.refusesQueueing && !LEAVES_TRANSACTION.has(command.name)) return answer
    }
    // Whether a function writes is written in a library that the door has not read.
    if (command.name === 'fcall') return answer
    if (command.name !== 'eval' && command.name !== 'evalsha') return PASS
    return treatScript(request, circumstances, (script) => {
      const flags = declaredFlags(script)
      if (flags === null) return guarded(script)
      // A flag that does not exist is for the server to turn down.
      const stranger = flags.some((flag) => !KNOWN_FLAGS.has(flag))
      return stranger || flags.some((flag) => refusal.allowedFlags.includes(flag)) ? script : answer
    })
  }
}

/** What a script may declare of itself. */
export const KNOWN_FLAGS = new Set([
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
])

/**
 * Puts a script that was made of it in the place of an EVAL's or EVALSHA's. One that was never seen at this door is
 * not known to the server either, as far as its client can tell: it will send its text.
 */
export function treatScript(
  { words, complete }: Request,
  { scriptOf }: Circumstances,
  make: (script: Buffer) => Buffer | Treatment,
): Treatment {
  const [name, second, ...rest] = words
  if (!complete || name === undefined || second === undefined) return PASS
  const byText = /^eval(_ro)?$/i.test(name.toString('latin1'))
  const script = byText ? second : scriptOf(second.toString('latin1'))
  if (script === undefined) return { kind: 'instead', words: ['EVALSHA', UNKNOWN_SHA, '0'] }
  const made = make(script)
  if (!Buffer.isBuffer(made)) return made
  if (made === script) return PASS
  return {
    kind: 'instead',
    words: [/_ro$/i.test(name.toString('latin1')) ? 'EVAL_RO' : 'EVAL', made, ...rest],
  }
}

const UNKNOWN_SHA = '0'.repeat(40)
const MAX_CACHED = 50

/** Makes of each script only once, as long as there are few of them. */
export function scriptCache(make: (script: Buffer) => Buffer): (script: Buffer) => Buffer {
  const made = new Map<string, Buffer>()
  return (script) => {
    const text = script.toString('latin1')
    const known = made.get(text)
    if (known !== undefined) return known
    const result = make(script)
    if (made.size >= MAX_CACHED) made.clear()
    made.set(text, result)
    return result
  }
}
