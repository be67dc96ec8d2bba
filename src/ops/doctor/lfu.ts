import type { OperatorClient } from '../../library/backends/operator.js'
import { settingOf } from './setting.js'

/** The highest that a counter gets. */
export const END_OF_COUNTER = 255
/** Where a new key begins, and from where on each step takes more uses than the one before: LFU_INIT_VAL of Redis. */
const START_OF_COUNTER = 5
const SECONDS_OF_A_PERIOD = 60

/**
 * How often per second a key is used whose LFU counter stays where it is: then a period, in which the counter loses one,
 * holds as many uses as the next step takes on average. Null when the counters of this server never fall, or when it
 * does not tell how they move.
 *
 * @throws OperatorError when the server does not allow CONFIG GET
 */
export async function readLfuScale(client: OperatorClient): Promise<((counter: number) => number) | null> {
  const [factor, periods] = await Promise.all(
    ['lfu-log-factor', 'lfu-decay-time'].map(async (name) => Number((await settingOf(client, name)) ?? NaN)),
  )
  if (!(factor! >= 0) || !(periods! > 0)) return null
  return (counter) =>
    (Math.max(0, counter - START_OF_COUNTER) * factor! + 1) / (periods! * SECONDS_OF_A_PERIOD)
}
