import type { DoorCounts } from './doors/door.js'

/** What the door counted between two instants. */
export function difference<Counts extends Record<Name, number>, Name extends string = keyof DoorCounts>(
  from: Counts,
  to: Counts,
  names: readonly Name[],
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, to[name] - from[name]])) as Record<Name, number>
}

/** `1 byte`, `2 bytes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
