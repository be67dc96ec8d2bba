import { createLibraryCache } from '../../src/ops/experiment/subjects/library.js'
import type { CachePeer, PeerCache } from './cache-peer.js'

const create = async (url: string) => (await createLibraryCache({ redisUrl: url })) as PeerCache

/** Ours with its default options; which ioredis it finds is decided by how its host process was bundled. */
export const library6: CachePeer = { name: 'library (ioredis 6)', ioredis: 6, create }
export const library5: CachePeer = { name: 'library (ioredis 5)', ioredis: 5, create }
