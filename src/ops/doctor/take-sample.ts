import type { OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import type { RedisBackend } from '../../library/backends/resolve.js'
import { createUpstashOperatorClient } from '../../library/backends/upstash-operator.js'
import type { Info } from './info.js'
import { NotAsked } from './kept-connection.js'
import { SAMPLE, UPSTASH_SAMPLE, type KeySample, type SampleKeys } from './key-sample.js'
import { isRefusal } from './refusal.js'
import type { World } from './world.js'

const DEADLINE_MS = 2000

type Place = Pick<World, 'cache' | 'info' | 'reach' | 'signal'>

/**
 * A sample of the keys of the cache, wherever that is.
 *
 * @throws OperatorError what the server refuses, or when it is lost; NotAsked when an Upstash is away
 */
export async function takeSample(world: Place, sampleKeys: SampleKeys): Promise<KeySample> {
  const { cache, signal } = world
  if (cache.backend?.backend === 'upstash') {
    const client = await connectUpstash(cache.backend, signal)
    try {
      // It evicts at random, so that to ask for a length changes nothing; MEMORY USAGE it does not promise.
      const sample = await sampleKeys(client, { ...UPSTASH_SAMPLE, memory: false, counters: false, signal })
      return { ...sample, oneNode: false }
    } finally {
      client.close()
    }
  }
  const { client } = await world.reach()
  if (!client) throw new Error('asked a Redis that is away')
  const info = await infoIfTold(world)
  // Every other policy refuses OBJECT FREQ.
  const counters = info?.text('maxmemory_policy')?.endsWith('-lfu') === true
  const sample = await sampleKeys(client, { ...SAMPLE, memory: true, counters, signal })
  return { ...sample, oneNode: info?.number('cluster_enabled') === 1 }
}

type UpstashPlace = Extract<RedisBackend, { backend: 'upstash' }>

async function connectUpstash({ url, token }: UpstashPlace, signal: AbortSignal): Promise<OperatorClient> {
  try {
    return await createUpstashOperatorClient({ url, token, deadlineMs: DEADLINE_MS, signal })
  } catch (error) {
    throw error instanceof OperatorError ? new NotAsked(error.message.replace(/\.$/, '')) : error
  }
}

async function infoIfTold({ info }: Place): Promise<Info | null> {
  try {
    return await info()
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}
