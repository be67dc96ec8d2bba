import type { ClientLibrary } from '../client-options/time-to-fallback.js'
import type { Introduction } from '../faults/doors/introductions.js'
import type { ClientInUse } from './measurement.js'

/**
 * The clients that a subject uses, as they said themselves at the door, of those of which we know how long they wait. Of their options
 * they say nothing: what is told is what holds for the defaults.
 */
export function introducedClients(introductions: readonly Introduction[]): { clients?: ClientInUse[] } {
  const clients = introductions.flatMap(({ name, version }): ClientInUse[] => {
    const library = libraryOf(name, version)
    return library ? [{ library, options: {}, introducedAs: `${name}@${version}` }] : []
  })
  return clients.length > 0 ? { clients } : {}
}

function libraryOf(name: string, version: string | null): ClientLibrary | null {
  // `ioredis(tag)`: with what its user has added.
  if (/^ioredis(\(.*\))?$/.test(name)) {
    const major = version?.split('.')[0]
    return major === '5' || major === '6' ? `ioredis@${major}` : null
  }
  return name === '@upstash/redis' && version !== null ? 'upstash' : null
}
