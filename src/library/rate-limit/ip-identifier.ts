import { isIP } from 'node:net'
import { OptionError } from '../kernel/errors.js'

/** How much of an address tells its user. */
export interface IpIdentifierOptions {
  /** How many bits of an IPv6 address tell its user, 32 to 128. @default 56, as express-rate-limit */
  ipv6Prefix?: number
}

const GROUPS = 8
const IPV4_MAPPED = '0,0,0,0,0,65535'

/**
 * An IP address as a limiter's identifier, the same for every spelling of it. Of IPv6 the network alone counts, since one
 * user has at least a /64 and could take a fresh address for each request; an IPv4 address that comes as IPv6
 * (`::ffff:192.0.2.1`) is the IPv4 address.
 *
 * @param ip such as `request.ip`; a zone (`%eth0`) and white space around it are ignored
 * @param options how much of an address tells its user
 * @returns `192.0.2.1`, or `20010db8000001_56` for the network 2001:db8:0:100::/56; null for what is no IP address, undefined or a list of them included.
 * Decide what becomes of such a request: a common identifier would let strangers use up each other's limit.
 * @throws OptionError for a prefix outside 32 to 128, whatever the address is
 *
 * @example
 * const who = ipIdentifier(request.ip)
 * if (who === null || !(await logins.check(who))) return tooManyRequests()
 */
export function ipIdentifier(ip: unknown, { ipv6Prefix = 56 }: IpIdentifierOptions = {}): string | null {
  if (!Number.isInteger(ipv6Prefix) || ipv6Prefix < 32 || ipv6Prefix > 128)
    throw new OptionError('ipv6Prefix', ipv6Prefix, 'a whole number from 32 to 128')
  if (typeof ip !== 'string') return null
  const address = ip.trim()
  const version = isIP(address)
  if (version === 0) return null
  if (version === 4) return address
  const groups = groupsOf(address.replace(/%.*$/, ''))
  if (groups.slice(0, 6).join() === IPV4_MAPPED) return dotted(groups[6]!, groups[7]!)
  return network(groups, ipv6Prefix)
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [before, after] = address.split('::').map(numbersOf)
  if (after === undefined) return before!
  return [...before!, ...Array<number>(GROUPS - before!.length - after.length).fill(0), ...after]
}

function numbersOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a, b, c, d] = group.split('.').map(Number)
    return [a! * 256 + b!, c! * 256 + d!]
  })
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * Its bits as hexadecimal digits, of which the last may be cut, and their number. Not in the notation of addresses, whose
 * `:` and `/` would take three bytes each in the key.
 */
function network(groups: number[], prefix: number): string {
  const digits = groups.map((group) => group.toString(16).padStart(4, '0')).join('')
  const whole = digits.slice(0, Math.floor(prefix / 4))
  const cut = 4 - (prefix % 4)
  const last = cut === 4 ? '' : ((Number.parseInt(digits[whole.length]!, 16) >> cut) << cut).toString(16)
  return `${whole}${last}_${prefix}`
}
