import { Stopped } from '../../stopping.js'
import type { ModuleReference } from './module-reference.js'

/**
 * @param connections that have reached the door in this drill
 * @throws Stopped when a module has had traffic and no connection: no fault can reach it then
 */
export function requireCame(reference: ModuleReference, connections: number): void {
  if (connections === 0) throw new Stopped('unprepared', neverConnected(reference))
}

/** Why no fault can reach a module that has had traffic and no connection, in one sentence. */
export function neverConnected({ name, protocol }: ModuleReference): string {
  const [backend, variable, argument] =
    protocol === 'rest'
      ? ['Upstash', 'UPSTASH_REDIS_REST_URL', 'upstash.url']
      : ['Redis', 'REDIS_URL', 'redisUrl']
  return `${name} never connected to ${backend}, so nothing that happens there can reach it. It is told where by ${variable}, and by ${argument} in the factory's argument: use one of them, or drill with --backend what it speaks`
}
