import { SAMPLE, UPSTASH_SAMPLE, type KeySample, type SampleKeys } from './key-sample.js'
import { isRefusal } from './refusal.js'
import { openUpstash } from './upstash-link.js'
import { upstashKeys } from './upstash-keys.js'
import type { World } from './world.js'

type Place = Pick<World, 'cache' | 'info' | 'reach' | 'signal'>

/**
 * A sample of the keys of the cache, wherever that is.
 *
 * @throws OperatorError or NotAsked when it is away, or when it does not let us look at any key
 */
export async function takeSample(world: Place, sampleKeys: SampleKeys): Promise<KeySample> {
  const { signal } = world
  if (world.cache.backend?.backend === 'upstash') {
    const upstash = openUpstash(world)
    try {
      // It evicts at random, so that asking for a length changes nothing; MEMORY USAGE it does not promise.
      return await sampleKeys(upstashKeys(upstash), {
        ...UPSTASH_SAMPLE,
        memory: false,
        counters: false,
        signal,
      })
    } finally {
      upstash.close()
    }
  }
  const { client } = await world.reach()
  if (!client) throw new Error('asked a Redis that is away')
  return sampleKeys(client, { ...SAMPLE, memory: true, counters: await countsUse(world), signal })
}

/** Every other policy refuses OBJECT FREQ. */
async function countsUse({ info }: Place): Promise<boolean> {
  try {
    return (await info()).text('maxmemory_policy')?.endsWith('-lfu') === true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}
