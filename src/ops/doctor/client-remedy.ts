import { timeToFallbackOf } from '../client-options/index.js'
import type { OptionValue } from '../client-options/read-options.js'
import { worstOf, type ClientLibrary } from '../client-options/time-to-fallback.js'
import { inWords } from './in-words.js'
import type { JudgedClient } from './judged-client.js'

/** What bounds a call, by the client that is judged. They are safe only together. */
const BOUNDED: Record<'ioredis' | 'upstash', Record<string, OptionValue>> = {
  ioredis: {
    commandTimeout: 100,
    socketTimeout: 2000,
    connectTimeout: 2000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  },
  upstash: { retries: 0, timeoutMs: 300 },
}
const AS_CODE: Record<string, string> = {
  retries: 'retry: { retries: 0 }',
  timeoutMs: 'signal: () => AbortSignal.timeout(300)',
}

const ENDS_EVERY_WAIT = ['socketTimeout', 'enableOfflineQueue']

/** What keeps later calls from waiting as the first ones do. */
export function lastingRemedy({ library, options }: JudgedClient): string {
  if (library === 'transparent-cache') return 'Leave its breaker on.'
  if (library === 'upstash')
    return 'Put a breaker in front of it, as the embedded library has one: over REST nothing else ends the wait.'
  return `Give it also ${codeOf(missingOf(BOUNDED.ioredis, options).filter(([name]) => ENDS_EVERY_WAIT.includes(name)))}, or use the embedded library, which has a breaker.`
}

/** The options to paste, those that are set as well left out, and what a call waits with them. */
export function clientRemedy(client: JudgedClient): string {
  const { library, options, assumed } = client
  if (library === 'transparent-cache') return 'Give it a shorter deadlineMs, and leave its breaker on.'
  const wanted = library === 'upstash' ? BOUNDED.upstash : BOUNDED.ioredis
  // It decides what is sent late, and not how long a call waits, so that nobody has declared it.
  const also = library === 'upstash' ? '' : ', autoResendUnfulfilledCommands: false'
  const code = codeOf(missingOf(wanted, options)) + also
  return `Use the embedded library, or give the client: ${code}. They are safe only together: ${effectOf(library, { ...options, ...wanted })}.${assumed ? ` ${declaring(library)}` : ''}`
}

function missingOf(
  wanted: Record<string, OptionValue>,
  given: JudgedClient['options'],
): [string, OptionValue][] {
  return Object.entries(wanted).filter(([name, value]) => given[name] !== value)
}

function codeOf(options: readonly (readonly [string, OptionValue])[]): string {
  return options.map(([name, value]) => AS_CODE[name] ?? `${name}: ${value}`).join(', ')
}

function effectOf(library: ClientLibrary, options: Record<string, OptionValue>): string {
  const { timeToFallback } = timeToFallbackOf(library, options)
  const worst = `a call then waits ${inWords.time(worstOf(timeToFallback))} at most`
  return timeToFallback.everyCallPays ? worst : `${worst}, and only the first ones do`
}

/** How doctor is told, for who has set it up otherwise than it is by itself. */
function declaring(library: ClientLibrary): string {
  const example = library === 'upstash' ? { timeoutMs: 300 } : { commandTimeout: 100 }
  // With spaces, so that it can be wrapped.
  const settings = JSON.stringify({ doctor: { client: { library, options: example } } }).replace(
    /[:,]/g,
    '$& ',
  )
  return `If it is made otherwise, declare how in cache.config.json, such as ${settings}.`
}
