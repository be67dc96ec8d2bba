import type { OperatorClient } from '../../library/backends/operator.js'
import type { Catalogue } from './families.js'
import { createPace } from './pace.js'
import { scanPages } from './scan.js'

/** One key of a declared family, without its name. */
export interface SampledKey {
  family: string
  /** Null: each key's window decides. */
  declaredSeconds: number | null
  /** Null: it does not expire. */
  ttlMs: number | null
}

export interface KeySample {
  /** Keys that were looked at, of whatever family. */
  looked: number
  /** False when there are more. */
  complete: boolean
  keys: SampledKey[]
}

export interface SampleKeysOptions {
  catalogue: Catalogue
  /** Stop after about this many keys. */
  maxKeys: number
  /** Stop after this long, in ms. */
  maxMs: number
  signal: AbortSignal
}

/**
 * Some keys, as SCAN comes by them, at the gentle pace; ends at either bound. Keys that expire meanwhile are left out.
 *
 * @throws OperatorError when the server refuses or does not answer
 */
export async function sampleKeys(
  client: OperatorClient,
  { catalogue, maxKeys, maxMs, signal }: SampleKeysOptions,
): Promise<KeySample> {
  const keys: SampledKey[] = []
  let looked = 0
  const end = performance.now() + maxMs
  for await (const page of scanPages(client, { pace: createPace({ gentle: true, signal }), signal })) {
    looked += page.keys.length
    keys.push(...(await lookAt(client, page.keys, catalogue)))
    const complete = page.cursor === '0'
    if (complete || looked >= maxKeys || performance.now() > end) return { looked, complete, keys }
  }
  return { looked, complete: false, keys }
}

async function lookAt(
  client: OperatorClient,
  keys: readonly Buffer[],
  { classify }: Catalogue,
): Promise<SampledKey[]> {
  const known = keys.flatMap((key) => {
    const family = classify(key)
    return family ? [{ key, family }] : []
  })
  const ttls = known.length === 0 ? [] : await client.pipeline(known.map(({ key }) => ['PTTL', key]))
  return known.flatMap(({ family }, index): SampledKey[] => {
    const ttl = ttls[index]
    if (ttl instanceof Error) throw ttl
    // It expired between the two questions.
    if (ttl === -2) return []
    const ttlMs = ttl === -1 ? null : Number(ttl)
    return [{ family: family.id, declaredSeconds: family.ttlSeconds, ttlMs }]
  })
}
