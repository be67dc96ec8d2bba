import { createLibraryCache } from './library.js'
import type { Subject } from './subject.js'

/** What a service does that cannot trust what it reads. */
export const libraryIntegrity: Subject = {
  name: 'library-integrity',
  summary: 'the library with integrity: true, so that each value carries a checksum and the hash of its key',
  protocol: 'resp',
  longestTtlMs: 300_000,
  create: (environment) => createLibraryCache(environment, { integrity: true }),
}
