import type { Command, OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { lengthCommand } from './length-command.js'
import { isRefusal } from './server-facts.js'

/** What the server tells of a key; absent is what it refused to tell. */
export interface KeyFacts {
  /** Null: it does not expire. */
  ttlMs?: number | null
  /** As Redis calls it, such as `hash`. */
  type?: string
  /** Bytes of a string, members of a collection; of what is small the bytes in memory, which are more. */
  size?: number
  /** How often it is asked for, on the logarithmic scale of an LFU policy: 0 to 255. */
  counter?: number
}

/** The first refusal of each question that was refused for one key or more. */
export type Refusals = Partial<Record<'ttlMs' | 'size' | 'counter', OperatorError>>

export interface LookOptions {
  /** Whether the server knows MEMORY USAGE; without it every length is asked, which counts as a use of the key. */
  memory: boolean
  /** Whether the server counts how often keys are asked for. */
  counters: boolean
}

/**
 * Bytes in memory below which nobody asks for the length, as it can only be less: a member takes one and more. STRLEN
 * and its kind count as a use of the key, which would be evicted later than it should; MEMORY USAGE does not.
 */
const SMALL = { string: 10_000, collection: 500 }

/**
 * All keys in two round trips, in order; null for a key that is no longer there.
 *
 * @throws OperatorError when the server does not answer
 */
export async function lookAtKeys(
  client: OperatorClient,
  keys: readonly Buffer[],
  options: LookOptions,
): Promise<{ facts: (KeyFacts | null)[]; refusals: Refusals }> {
  if (keys.length === 0) return { facts: [], refusals: {} }
  const refusals: Refusals = {}
  const facts = await askWhatIsNoUse(client, keys, options, refusals)
  await askLengths(client, keys, facts, refusals)
  return { facts, refusals }
}

async function askWhatIsNoUse(
  client: OperatorClient,
  keys: readonly Buffer[],
  { memory, counters }: LookOptions,
  refusals: Refusals,
): Promise<(KeyFacts | null)[]> {
  const questions: [string, ...string[]][] = [
    ['PTTL'],
    ['TYPE'],
    ...(memory ? [['MEMORY', 'USAGE'] as [string, string]] : []),
    ...(counters ? [['OBJECT', 'FREQ'] as [string, string]] : []),
  ]
  const commands = keys.flatMap((key) => questions.map((words): Command => [...words, key]))
  const replies = await client.pipeline(commands)
  return keys.map((_key, index): KeyFacts | null => {
    const [ttl, type, ...others] = replies.slice(index * questions.length, (index + 1) * questions.length)
    if (ttl === -2 || type === 'none') return null
    const bytes = memory ? others.shift() : undefined
    const [counter] = others
    const facts: KeyFacts = {}
    if (isTold(ttl, 'ttlMs', refusals)) facts.ttlMs = ttl === -1 ? null : Number(ttl)
    if (isTold(type, 'size', refusals)) facts.type = String(type)
    // Who may not ask for it asks for the length.
    if (typeof bytes === 'number') facts.size = bytes
    if (counters && isTold(counter, 'counter', refusals)) facts.counter = Number(counter)
    return facts
  })
}

async function askLengths(
  client: OperatorClient,
  keys: readonly Buffer[],
  facts: readonly (KeyFacts | null)[],
  refusals: Refusals,
): Promise<void> {
  const large = facts.flatMap((each, index) => {
    const length = each && lengthOf(each)
    return length ? [{ each, command: [length, keys[index]!] as const }] : []
  })
  if (large.length === 0) return
  const lengths = await client.pipeline(large.map(({ command }) => command))
  for (const [index, { each }] of large.entries()) {
    const length = lengths[index]
    if (isTold(length, 'size', refusals)) each.size = Number(length)
    else delete each.size
  }
}

/** Of what is no refusal, such as a key that moved to another node meanwhile, nothing is known either. */
function isTold(reply: unknown, question: keyof Refusals, refusals: Refusals): boolean {
  if (!(reply instanceof OperatorError)) return true
  if (isRefusal(reply)) refusals[question] ??= reply
  return false
}

/** The command that tells the length of what may be large; null for what is small, or has none that we know. */
function lengthOf({ type, size }: KeyFacts): string | null {
  if (type === undefined) return null
  const small = type === 'string' ? SMALL.string : SMALL.collection
  return size !== undefined && size < small ? null : lengthCommand(type)
}
