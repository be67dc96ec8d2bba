import { createLibraryCache } from './library.js'
import type { Subject } from './subject.js'

/** Never touches Redis: the drill that must not pass, because nothing was ever taken away from it. */
export const libraryUnconfigured: Subject = {
  name: 'library-unconfigured',
  summary: 'the same library without a backend; a drill on it proves nothing and has to say so',
  protocol: 'resp',
  longestTtlMs: 300_000,
  create: () => createLibraryCache({ redisUrl: null }),
}
