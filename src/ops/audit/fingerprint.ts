import { createHash } from 'node:crypto'

/**
 * What a finding is recognised by from one run to the next: rule, file, symbol and the code without its white space. Of
 * several that are alike in one place, `occurrence` tells which, from 0. 32 hexadecimal digits.
 */
export function fingerprintOf(of: {
  rule: string
  file: string
  symbol: string
  code: string
  occurrence: number
}): string {
  const { rule, file, symbol, code, occurrence } = of
  const parts = [rule, file, symbol, code.replaceAll(/\s+/g, ' ').trim(), String(occurrence)]
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}
