import type { OperatorClient } from '../../library/backends/operator.js'
import { withoutTtl } from './measure.js'
import type { Pace } from './pace.js'

/** Those of the keys that are there and never expire. @throws OperatorError */
export async function onlyBare(
  client: OperatorClient,
  keys: readonly Buffer[],
  pace: Pace,
): Promise<Buffer[]> {
  if (keys.length === 0) return []
  const isBare = await pace.run(() => withoutTtl(client, keys))
  return keys.filter((_key, index) => isBare[index])
}
