import { createKeyValueClient } from '../../src/library/backends/create.js'
import type { RedisKeyValueClient } from '../../src/library/backends/backend.js'
import type { RedisBackend } from '../../src/library/backends/resolve.js'
import { createTransparentCache } from '../../src/library/cache/create-transparent-cache.js'
import type { CacheOptions } from '../../src/library/cache/options.js'
import type { TransparentCache } from '../../src/library/cache/transparent-cache.js'
import { onEvent, type LibraryEvent } from '../../src/library/kernel/events.js'

/** Polls until the condition holds; fails with what it waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export interface TestCache {
  cache: TransparentCache<unknown>
  client: RedisKeyValueClient
  /** `operation result errorType`, one line per operation, in order. */
  log: string[]
  close(): Promise<void>
}

let count = 0

/** One process as the backend sees it: a connection and a cache of its own. */
export function openCache(on: string | RedisBackend, options: CacheOptions = {}): TestCache {
  const name = `test-${count++}`
  const backend: RedisBackend = typeof on === 'string' ? { backend: 'redis', url: on } : on
  const client = createKeyValueClient(backend, options.deadlineMs ? { deadlineMs: options.deadlineMs } : {})
  const cache = createTransparentCache<unknown>(client, backend.backend, { name, ...options })
  const log: string[] = []
  const stop = onEvent((event: LibraryEvent) => {
    if (event.type !== 'operation' || event.cache !== name) return
    log.push([event.operation, event.result, event.errorType].filter(Boolean).join(' '))
  })
  return {
    cache,
    client,
    log,
    async close() {
      await cache.close()
      stop()
    },
  }
}
