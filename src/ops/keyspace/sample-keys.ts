import type { OperatorClient } from '../../library/backends/operator.js'
import type { Catalogue } from './families.js'
import { lookAtKeys, type KeyFacts, type LookOptions, type Refusals } from './look-at-keys.js'
import { createPace } from './pace.js'
import { scanPages } from './scan.js'

/** One key without its name. */
export interface SampledKey extends KeyFacts {
  /** Null: an orphan. */
  family: string | null
  /** Null: each key's window decides, or nobody. */
  declaredSeconds: number | null
  /** How long the name is, in bytes. */
  nameBytes: number
}

export interface KeySample {
  /** Keys that were looked at, each once. */
  looked: number
  /** Keys of the database, before; null where the server does not tell. */
  total: number | null
  /** False when there are more. */
  complete: boolean
  /** Those that were still there when they were asked about. */
  keys: SampledKey[]
  /** The first refusal of each question that was refused for one key or more. */
  refusals: Refusals
}

export interface SampleKeysOptions extends LookOptions {
  catalogue: Catalogue
  /** Stop after about this many keys. */
  maxKeys: number
  /** Stop after this long, in ms. */
  maxMs: number
  signal: AbortSignal
}

/**
 * Some keys, as SCAN comes by them, at the gentle pace; ends at either bound. Keys that expire meanwhile are left out.
 * What the server refuses to tell about a key is absent, and the refusal told.
 *
 * @throws OperatorError when the server refuses SCAN or does not answer
 */
export async function sampleKeys(
  client: OperatorClient,
  { catalogue, maxKeys, maxMs, signal, ...look }: SampleKeysOptions,
): Promise<KeySample> {
  const [total] = await client.pipeline([['DBSIZE']])
  const sample: KeySample = {
    looked: 0,
    total: typeof total === 'number' ? total : null,
    complete: false,
    keys: [],
    refusals: {},
  }
  const seen = new Set<string>()
  const end = performance.now() + maxMs
  for await (const page of scanPages(client, {
    pace: createPace({ gentle: false, steps: 'brief', signal }),
    signal,
  })) {
    // A key may come twice while the server makes its table larger.
    const fresh = page.keys.filter((key) => seen.size < seen.add(key.toString('latin1')).size)
    sample.looked = seen.size
    const { facts, refusals } = await lookAtKeys(client, fresh, look)
    sample.refusals = { ...refusals, ...sample.refusals }
    for (const [index, key] of fresh.entries()) {
      const found = facts[index]
      if (!found) continue
      const family = catalogue.classify(key)
      sample.keys.push({
        family: family?.id ?? null,
        declaredSeconds: family?.ttlSeconds ?? null,
        nameBytes: key.length,
        ...found,
      })
    }
    sample.complete = page.cursor === '0'
    if (sample.looked >= maxKeys || performance.now() > end) break
  }
  return sample
}
