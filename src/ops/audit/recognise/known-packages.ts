import { CACHES } from './known-packages/caches.js'
import { CLIENTS } from './known-packages/clients.js'
import type { KnownPackage } from './known-packages/known-package.js'
import { LIMITERS } from './known-packages/limiters.js'
import { MEMORY } from './known-packages/memory.js'
import { QUEUES } from './known-packages/queues.js'
import { TRANSPARENT_CACHE } from './known-packages/transparent-cache.js'

export type { Kind } from './known-packages/known-package.js'

/** The packages whose clients, caches and limiters the rules judge. */
export const KNOWN_PACKAGES: KnownPackage[] = [
  ...CLIENTS,
  ...CACHES,
  ...LIMITERS,
  ...MEMORY,
  ...QUEUES,
  ...TRANSPARENT_CACHE,
]
