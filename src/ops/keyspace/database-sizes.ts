import type { ServerNode } from './nodes.js'
import { toEnvironmentError } from './server-error.js'

/**
 * DBSIZE of each node that tells it.
 *
 * @throws EnvironmentError when none does
 */
export async function databaseSizes(nodes: readonly ServerNode[]): Promise<Map<ServerNode, number>> {
  const asked = await Promise.allSettled(nodes.map(async ({ client }) => Number(await client.send('DBSIZE'))))
  const sizes = new Map<ServerNode, number>()
  for (const [index, answer] of asked.entries()) {
    if (answer.status === 'fulfilled') sizes.set(nodes[index]!, answer.value)
  }
  const failed = asked.find((answer) => answer.status === 'rejected')
  if (failed && sizes.size === 0) throw toEnvironmentError(failed.reason)
  return sizes
}
