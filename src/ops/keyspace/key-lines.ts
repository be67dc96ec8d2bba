import type { KeyLine } from '../report/keys-report.js'
import type { MeasuredKey } from './pass.js'

/**
 * Measured keys as plain documents, without those that have gone or could not be asked about.
 *
 * @param named how a key is shown
 */
export function keyLines(keys: readonly MeasuredKey[], named: (key: Buffer) => string): KeyLine[] {
  return keys.flatMap(({ key, family, measured }): KeyLine[] =>
    measured ? [{ key: named(key), family: family?.id ?? null, ...measured }] : [],
  )
}
