import { OptionError } from '../kernel/errors.js'
import { refuseUnknownOptions } from '../kernel/known-options.js'
import type { UnavailablePolicy } from './transparent-rate-limiter.js'

/** How a limiter behaves, whatever counts for it. */
export interface TransparentRateLimiterOptions {
  /** Label of logs and events. @default 'default' */
  name?: string
  /**
   * What becomes of requests while the backend cannot be asked. `allow` keeps the service open, unlimited; `deny` is for
   * what must never be unlimited, such as logins. @default 'allow'
   */
  onUnavailable?: UnavailablePolicy
  /** `shadow` counts and reports, and allows everything. @default 'enforce' */
  mode?: 'enforce' | 'shadow'
  /** Longest that one check keeps its caller waiting, in ms, 1 to 60000. @default 100 on Redis, 300 on Upstash */
  deadlineMs?: number
}

/** What is limited, and how. Checked when the limiter is built: one that cannot be used throws `OptionError`. */
export interface RateLimiterOptions extends TransparentRateLimiterOptions {
  /** The bucket of the key, and the label of logs and events. Limiters of one name share their counts. */
  name: string
  /** Requests within any `windowMs`, a whole number from 1 to 10000000. */
  limit: number
  /** Length of the window in ms, a whole number from 100 to 2678400000 (31 days). */
  windowMs: number
  /**
   * Whether to see once, right after connecting, that the server denies what is over a limit: three commands on a key
   * below `copilot:ratelimit:transparent-cache-self-check:`, on nobody's time. @default true
   */
  selfCheck?: boolean
}

export type ResolvedLimiterOptions = Required<TransparentRateLimiterOptions>

const NAMES = [
  'name',
  'onUnavailable',
  'mode',
  'deadlineMs',
] satisfies (keyof TransparentRateLimiterOptions)[]
const QUOTA = ['limit', 'windowMs', 'selfCheck'] satisfies (keyof RateLimiterOptions)[]

/** The largest that is kept within 160 bytes, with a key of 40: see window-text.ts. */
const MAX_LIMIT = 10_000_000

/**
 * @param hasQuota whether the limiter is ours; a foreign one has its own limit
 * @throws OptionError naming the option, the value and the range
 */
export function resolveLimiterOptions(
  options: TransparentRateLimiterOptions,
  backend: 'redis' | 'upstash' | 'allowall',
  hasQuota = false,
): ResolvedLimiterOptions {
  refuseUnknownOptions(options, hasQuota ? [...NAMES, ...QUOTA] : NAMES)
  const { name = 'default', onUnavailable = 'allow', mode = 'enforce' } = options
  if (typeof name !== 'string' || name === '')
    throw new OptionError('name', options.name, 'a non-empty string')
  if (onUnavailable !== 'allow' && onUnavailable !== 'deny')
    throw new OptionError('onUnavailable', onUnavailable, `'allow' or 'deny'`)
  if (mode !== 'enforce' && mode !== 'shadow') throw new OptionError('mode', mode, `'enforce' or 'shadow'`)
  const deadlineMs = options.deadlineMs ?? (backend === 'upstash' ? 300 : 100)
  if (typeof deadlineMs !== 'number' || !(deadlineMs >= 1 && deadlineMs <= 60_000))
    throw new OptionError('deadlineMs', deadlineMs, 'a number from 1 to 60000')
  return { name, onUnavailable, mode, deadlineMs }
}

/** @throws OptionError naming the option, the value and the range */
export function checkQuota(options: RateLimiterOptions): void {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', options, 'an object')
  const { name, limit, windowMs, selfCheck = true } = options
  if (name === undefined) throw new OptionError('name', name, 'a non-empty string')
  wholeNumber('limit', limit, 1, MAX_LIMIT)
  wholeNumber('windowMs', windowMs, 100, 2_678_400_000)
  if (typeof selfCheck !== 'boolean') throw new OptionError('selfCheck', selfCheck, 'true or false')
}

function wholeNumber(option: string, value: unknown, min: number, max: number): void {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max)
    throw new OptionError(option, value, `a whole number from ${min} to ${max}`)
}
