import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackendResolution } from '../../library/backends/resolve.js'
import { timeToFallbackOf, type JudgedOptions } from '../client-options/index.js'
import type { OptionValue } from '../client-options/read-options.js'
import type { ClientLibrary } from '../client-options/time-to-fallback.js'
import { inWords } from './in-words.js'

/** The client that the application waits with, as far as we know it. */
export interface JudgedClient extends JudgedOptions {
  library: ClientLibrary
  /** Nobody declared it: its defaults are judged, because they are what most applications run with. */
  assumed: boolean
  /** As declared; what is absent has the library's default. */
  options: DeclaredClient['options']
  /** Calls that a request waits for, one after the other; null when nobody declared it. */
  callsPerRequest: number | null
}

export interface DeclaredClient {
  library?: ClientLibrary | undefined
  options: Readonly<Record<string, OptionValue>>
  callsPerRequest?: number | undefined
}

/**
 * The declared client, else the one that is installed with its defaults, else ioredis 6.
 *
 * @param directory where the application is
 * @throws UsageError for options that cannot be judged
 */
export function judgedClient(
  { library, options, callsPerRequest }: DeclaredClient,
  { backend }: BackendResolution,
  directory: string,
): JudgedClient | null {
  const assumed = library === undefined
  if (assumed && backend === null) return null
  const judged = library ?? (backend?.backend === 'upstash' ? 'upstash' : installedIoredis(directory))
  // The library waits longer for Upstash, and uses what the environment names.
  const isOnUpstash = judged === 'transparent-cache' && backend?.backend === 'upstash'
  const complete = isOnUpstash ? { backend: 'upstash', ...options } : options
  return {
    library: judged,
    assumed,
    options,
    callsPerRequest: callsPerRequest ?? null,
    ...timeToFallbackOf(judged, complete),
  }
}

/** Which client a finding is about, and whether anybody has said so. */
export function whichClient({ library, assumed }: Pick<JudgedClient, 'library' | 'assumed'>): string {
  const name = inWords.library(library)
  return assumed ? `${name} with its defaults, because no client is declared` : name
}

function installedIoredis(directory: string): ClientLibrary {
  try {
    const path = join(directory, 'node_modules', 'ioredis', 'package.json')
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown }
    return String(version).startsWith('5.') ? 'ioredis@5' : 'ioredis@6'
  } catch {
    // Not installed here, or somewhere else: the newest major is what a new project gets.
    return 'ioredis@6'
  }
}
