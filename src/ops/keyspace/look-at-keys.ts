import type { Command, OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'

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

const LENGTH = new Map([
  ['string', 'STRLEN'],
  ['list', 'LLEN'],
  ['hash', 'HLEN'],
  ['set', 'SCARD'],
  ['zset', 'ZCARD'],
  ['stream', 'XLEN'],
])

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
  reader: Pick<OperatorClient, 'pipeline'>,
  keys: readonly Buffer[],
  { memory, counters }: LookOptions,
): Promise<{ facts: (KeyFacts | null)[]; refusals: Refusals }> {
  const refusals: Refusals = {}
  const told = (question: keyof Refusals, reply: unknown): unknown => {
    if (!(reply instanceof OperatorError)) return reply ?? undefined
    refusals[question] ??= reply
    return undefined
  }
  const questions = (key: Buffer): Command[] => [
    ['PTTL', key],
    ['TYPE', key],
    ...(memory ? [['MEMORY', 'USAGE', key] as const] : []),
    ...(counters ? [['OBJECT', 'FREQ', key] as const] : []),
  ]
  const commands = keys.flatMap(questions)
  const replies = commands.length === 0 ? [] : await reader.pipeline(commands)
  const width = commands.length / keys.length
  const facts = keys.map((_key, index): KeyFacts | null => {
    const [ttl, type, ...others] = replies.slice(index * width, (index + 1) * width)
    if (ttl === -2 || type === 'none') return null
    const bytes = memory ? others.shift() : undefined
    return withoutUntold({
      ttlMs: ttl === -1 ? null : (told('ttlMs', ttl) as number | undefined),
      type: told('size', type) as string | undefined,
      size: typeof bytes === 'number' ? bytes : undefined,
      counter: counters ? (told('counter', others[0]) as number | undefined) : undefined,
    })
  })
  const measured = facts.flatMap((each, index) => {
    const length = each && lengthOf(each)
    return length ? [{ each, command: [length, keys[index]!] as const }] : []
  })
  const lengths = measured.length === 0 ? [] : await reader.pipeline(measured.map(({ command }) => command))
  for (const [index, { each }] of measured.entries()) {
    delete each.size
    const length = told('size', lengths[index])
    if (length !== undefined) each.size = Number(length)
  }
  return { facts, refusals }
}

/** The command that tells the length of what may be large; null for what is small, or has none that we know. */
function lengthOf({ type, size }: KeyFacts): string | null {
  if (type === undefined) return null
  const small = type === 'string' ? SMALL.string : SMALL.collection
  return size !== undefined && size < small ? null : (LENGTH.get(type) ?? null)
}

function withoutUntold(facts: { [Fact in keyof KeyFacts]: KeyFacts[Fact] | undefined }): KeyFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
