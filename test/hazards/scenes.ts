import { until } from '../support/clients.js'
import type { Cache } from './subjects.js'

/** Connected, and answered: `warm` stands for all that is cached. */
export async function isUp(cache: Pick<Cache, 'get' | 'set'>): Promise<void> {
  await until('the cache to be up', async () => {
    await cache.set('warm', 'yes')
    return (await cache.get('warm')) === 'yes'
  })
}

/** Something that waits until it is let through. */
export function gate(): { passed: Promise<void>; opens: () => void } {
  let opens!: () => void
  const passed = new Promise<void>((resolve) => (opens = resolve))
  return { passed, opens }
}
