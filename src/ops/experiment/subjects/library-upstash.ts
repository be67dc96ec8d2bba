import { createLibraryCache } from './library.js'
import type { Subject } from './subject.js'

/** The same library with the same defaults; only the backend is another. */
export const libraryUpstash: Subject = {
  name: 'library-upstash',
  summary: 'the library on Upstash: an emulated REST endpoint over a real Redis',
  protocol: 'rest',
  longestTtlMs: 300_000,
  client: { library: 'transparent-cache', options: { backend: 'upstash' } },
  create: createLibraryCache,
}
