import type { KeyLine } from '../report/keys-report.js'
import type { Catalogue } from './families.js'
import { maskKey } from './mask.js'
import type { MeasuredKey } from './pass.js'

/** Measured keys as plain documents, without those that have gone or could not be asked about. */
export function keyLines(keys: readonly MeasuredKey[], catalogue: Catalogue): KeyLine[] {
  return keys.flatMap(({ key, family, measured }): KeyLine[] =>
    measured ? [{ key: maskKey(key, catalogue), family: family?.id ?? null, ...measured }] : [],
  )
}
