import { naiveIoredis5 } from '../../src/ops/experiment/subjects/naive-ioredis5.js'
import { naiveIoredis6 } from '../../src/ops/experiment/subjects/naive-ioredis6.js'
import type { CachePeer, PeerCache } from './cache-peer.js'

/** What most applications run: try/catch around ioredis with its default options. */
export const reference = (major: 5 | 6): CachePeer => {
  const subject = major === 5 ? naiveIoredis5 : naiveIoredis6
  return {
    name: `reference (ioredis ${major})`,
    create: async (redisUrl) => (await subject.create({ redisUrl })) as PeerCache,
  }
}
