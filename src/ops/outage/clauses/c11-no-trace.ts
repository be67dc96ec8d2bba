import type { KeysLeft, Leftovers, Measurement } from '../../experiment/measurement.js'
import type { Clause } from './clause.js'
import { answersFor, duration, quantity } from './wording.js'

const answers = answersFor('C11', 'no trace left behind')
/** What is named of what is left; the rest is counted. */
const NAMED = 3

/**
 * When the subject is gone, what it has written goes by itself: each key has a time to live, no longer than declared, and
 * nobody holds a connection. On a server that was empty, so that every key is the subject's.
 */
export const noTrace: Clause = {
  id: 'C11',
  title: 'no trace left behind',
  judge({ leftovers, ttlLeftOut, secretsTold }) {
    if (secretsTold) return answers.fail(told(secretsTold), { linesWithSecrets: secretsTold.lines })
    if (leftovers === undefined) return answers.notJudged('nobody could look at what was left on the server')
    const numbers = numbersOf(leftovers)
    const forGood = withoutTtl(leftovers.keys)
    const finding =
      (ttlLeftOut ? null : forGood) ??
      beyondDeclared(leftovers.keys, leftovers.declaredTtlMs) ??
      stillConnected(leftovers.connections)
    if (finding !== null) return answers.fail(finding, numbers)
    if (forGood !== null) {
      return answers.notJudged(
        `keys without an end are left (${numbers.withoutTtl}), as the drill gives set no time to live; --module-ttl says which`,
        numbers,
      )
    }
    const { keys, longestTtlMs } = numbers
    const what =
      keys === 0 ? 'no key' : `${quantity(keys, 'key')}, each gone within ${duration(longestTtlMs)}`
    return answers.pass(`left${ofNamed(leftovers)}: ${what}; no connection`, numbers)
  },
}

/** What is in a log stays there, and is read by many. */
function told({ lines, firstMs }: NonNullable<Measurement['secretsTold']>) {
  return {
    happened: `${quantity(lines, 'line')} that it printed ${lines === 1 ? 'holds' : 'hold'} a secret that the drill had given it, the first one ${duration(firstMs)} after the drill began.`,
    cause:
      'an error of the client is printed as it is: @upstash/redis puts the command with its keys and values into the message, ioredis into its fields',
    change: 'print of an error its name and code, and never its message, its fields or the key',
    show: 'cache audit --rule R21',
  }
}

/** On a server with keys of others. */
function ofNamed({ named: part }: Leftovers): string {
  return part === undefined
    ? ''
    : ` of keys with ${part} in their name, none of them written by the drill itself`
}

function numbersOf({ keys, connections, declaredTtlMs }: Leftovers) {
  return {
    keys: sum(keys, (each) => each.keys),
    withoutTtl: sum(keys, (each) => each.withoutTtl),
    longestTtlMs: Math.max(0, ...keys.map((each) => each.longestTtlMs)),
    declaredTtlMs,
    connections,
  }
}

function withoutTtl(keys: readonly KeysLeft[]) {
  const forGood = keys.filter((each) => each.withoutTtl > 0)
  if (forGood.length === 0) return null
  const count = sum(forGood, (each) => each.withoutTtl)
  return {
    happened: `${quantity(count, 'key')} ${count === 1 ? 'is' : 'are'} left that will never expire: ${named(forGood, (each) => each.withoutTtl)}.`,
    cause:
      'a key is written by one command and given its time to live by another (INCR, then EXPIRE), and the outage came between the two; or it is given none',
    change:
      'write both in one command (SET with EX) or in one script, so that there is no key without its end',
  }
}

function beyondDeclared(keys: readonly KeysLeft[], declaredTtlMs: number | null) {
  if (declaredTtlMs === null) return null
  const beyond = keys.filter(({ longestTtlMs }) => longestTtlMs > declaredTtlMs)
  if (beyond.length === 0) return null
  const longestMs = Math.max(...beyond.map(({ longestTtlMs }) => longestTtlMs))
  return {
    happened: `Keys are left that stay for ${duration(longestMs)}, although ${duration(declaredTtlMs)} is the longest time to live declared: ${named(beyond, (each) => each.keys)}.`,
    cause: 'a time to live in the wrong unit (EX takes seconds, PX milliseconds), or one path with its own',
    change: 'take the time to live of a kind of key from one place, and let nothing but that place write it',
  }
}

function stillConnected(connections: number) {
  if (connections === 0) return null
  return {
    happened: `${quantity(connections, 'connection')} to Redis ${connections === 1 ? 'was' : 'were'} still open after the processes of the subject had ended.`,
    cause: 'a process that the subject started outlives it, and holds its connections',
    change: 'end what you start before you end yourself, and wait for it',
  }
}

/** `drill:workload (12), ratelimit (1) and 2 other prefixes`. */
function named(keys: readonly KeysLeft[], count: (each: KeysLeft) => number): string {
  const shown = keys.slice(0, NAMED).map((each) => `${each.prefix} (${count(each)})`)
  const more = keys.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more prefixes` : ''}`
}

function sum(keys: readonly KeysLeft[], pick: (each: KeysLeft) => number): number {
  return keys.reduce((total, each) => total + pick(each), 0)
}
