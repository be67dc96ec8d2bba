import type { ClientLibrary } from '../../../client-options/time-to-fallback.js'
import type { ClientInUse } from '../../measurement.js'

/** How far below what the factory gave a client is looked for. */
const DEPTH = 4
const MOST_SEEN = 2000
/** The options that decide how long a call waits, and none that could hold a secret. */
const IOREDIS_OPTIONS = [
  'connectTimeout',
  'commandTimeout',
  'socketTimeout',
  'maxRetriesPerRequest',
  'enableOfflineQueue',
] as const
/** A pause is the longest of as many attempts. */
const ATTEMPTS = 20

type Bag = Record<string, unknown>

/** The clients of Redis that can be reached from what a factory gave, by what they look like. Never throws. */
export function clientsOf(made: object): ClientInUse[] {
  const seen = new Set<object>()
  const found: ClientInUse[] = []
  const look = (each: unknown, depth: number) => {
    if (typeof each !== 'object' || each === null || seen.has(each) || seen.size >= MOST_SEEN) return
    seen.add(each)
    const bag = dataOf(each)
    const client = ioredis(bag) ?? upstash(bag)
    if (client) return void found.push(client)
    if (depth > 0) for (const inner of Object.values(bag)) look(inner, depth - 1)
  }
  look(made, DEPTH)
  return found
}

/** Without calling anything: a getter may do whatever it likes. */
function dataOf(each: object): Bag {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(each))
  return Object.fromEntries(descriptors.map(([name, { value }]) => [name, value as unknown]))
}

function ioredis({ options, status }: Bag): ClientInUse | undefined {
  if (typeof options !== 'object' || options === null || typeof status !== 'string') return undefined
  const given = dataOf(options)
  if (!('maxRetriesPerRequest' in given) || !('enableOfflineQueue' in given)) return undefined
  const kept = IOREDIS_OPTIONS.map((name) => [name, given[name]] as const).filter(([, value]) =>
    isPlain(value),
  )
  return {
    // Options that only 6 has, with a default of its own.
    library: ('replyMapping' in given ? 'ioredis@6' : 'ioredis@5') satisfies ClientLibrary,
    options: { ...Object.fromEntries(kept), ...retryDelay(given['retryStrategy']) } as ClientInUse['options'],
  }
}

/** The default of each major is known by its formula; of an own one the longest pause, and false where it gives up. */
function retryDelay(strategy: unknown): { retryDelayMs?: number | false } {
  if (typeof strategy !== 'function' || isDefault(strategy)) return {}
  try {
    const pauses = Array.from({ length: ATTEMPTS }, (_, index) =>
      (strategy as (attempt: number) => unknown)(index + 1),
    )
    const numbers = pauses.filter((pause) => typeof pause === 'number')
    return { retryDelayMs: numbers.length < pauses.length ? false : Math.max(...numbers) }
  } catch {
    return {}
  }
}

function isDefault(strategy: object): boolean {
  const text = Function.prototype.toString.call(strategy).replaceAll(/\s+/g, '')
  return text.includes('Math.min(times*50,2000)') || text.includes('Math.min(Math.pow(2,times-1)*50,5000)')
}

/** Its `client` speaks HTTP; what a `signal` would say is known to nobody. */
function upstash({ client }: Bag): ClientInUse | undefined {
  if (typeof client !== 'object' || client === null || !('baseUrl' in client)) return undefined
  const { retry } = dataOf(client) as { retry?: { attempts?: unknown } }
  const { attempts } = retry ?? {}
  return { library: 'upstash', options: typeof attempts === 'number' ? { retries: attempts } : {} }
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}
