import { parseDuration } from '../../../config/duration.js'
import type { DeclaredLimit } from '../../limiting.js'
import { UsageError } from '../../../report/errors.js'

/**
 * Reads `20/1s`: twenty in any second.
 *
 * @throws UsageError `BAD_LIMIT`
 */
export function parseLimit(text: string): Pick<DeclaredLimit, 'limit' | 'windowMs'> {
  const [, count, window] = /^([1-9]\d{0,8})\/(.+)$/.exec(text.trim()) ?? []
  const windowMs = window === undefined ? null : parseDuration(window)
  if (count !== undefined && windowMs !== null && windowMs >= 10) return { limit: Number(count), windowMs }
  throw new UsageError(
    'BAD_LIMIT',
    `--limit ${JSON.stringify(text)} is not a number of requests and a time of 10 ms or more, such as 20/1s.`,
    ['--limit 20/1s', '--limit 100/1m'],
  )
}
