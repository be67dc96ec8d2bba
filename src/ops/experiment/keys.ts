import type { KeyGroup } from './measurement.js'

/** How many keys each group has. C9 needs 20 revoked ones; a few more, so that a lost read does not undo the drill. */
export const GROUP_SIZES: Record<KeyGroup, number> = {
  workload: 200,
  revoked: 24,
  contested: 24,
  raced: 50,
  joined: 12,
}

/** What all keys of a drill, and whoever its limiters are asked about, begin with. */
export const KEY_PREFIX = 'drill'
/** Of the one try before there is any traffic. */
export const REHEARSAL_KEY = `${KEY_PREFIX}:rehearsal`

/** Every key of a group, the most popular first. */
export function keysOf(group: KeyGroup): string[] {
  return Array.from({ length: GROUP_SIZES[group] }, (_, index) => `${KEY_PREFIX}:${group}:${index}`)
}
