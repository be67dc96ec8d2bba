import { createHash } from 'node:crypto'
import { databaseOf } from '../../library/backends/redis-url.js'
import { SafetyError } from '../report/errors.js'
import type { Settings } from './schema.js'

/** A server that a command might harm. */
export interface Target {
  /** The environment's name from the project file, else `host:port`; what must be typed to confirm. */
  name: string
  host: string
  port: number
  /** Unknown hosts count as production. A server of our own sandbox never does. */
  production: boolean
  /** Same server, same text; holds no credential. For plans that must not be carried out elsewhere. */
  fingerprint: string
}

export interface TargetOptions {
  url: string
  environments: Settings['environments']
  /** `host:port` of servers that we started ourselves. */
  ours?: readonly string[]
}

/** Of the REST interface of Upstash. */
const USUAL_PORTS: Record<string, number> = { 'https:': 443, 'http:': 80 }

/** Which server a URL names and whether it counts as production. */
export function identifyTarget({ url, environments, ours = [] }: TargetOptions): Target {
  const { hostname, port: given, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const port = given === '' ? (USUAL_PORTS[protocol] ?? 6379) : Number(given)
  const address = `${host}:${port}`
  const known = Object.entries(environments).find(
    ([, { hosts }]) => hosts.includes(address) || hosts.includes(host),
  )
  const isOurs = ours.includes(address)
  return {
    name: known?.[0] ?? address,
    host,
    port,
    production: !isOurs && (known?.[1].production ?? true),
    fingerprint: createHash('sha256')
      .update(`${address}/${databaseOf(url)}`)
      .digest('hex')
      .slice(0, 12),
  }
}

/**
 * The one gate in front of everything that changes or breaks a server.
 *
 * @param confirmed what was typed or passed as `--confirm`
 * @param always why this needs the name of any target, also of one that is declared not to be production
 * @throws SafetyError for a production target whose name was not given exactly
 */
export function requireConfirmation(
  target: Pick<Target, 'name' | 'production'>,
  what: string,
  confirmed: string | undefined,
  always?: string,
): void {
  if ((!target.production && always === undefined) || confirmed === target.name) return
  throw new SafetyError(
    'NOT_CONFIRMED',
    confirmed === undefined
      ? `Refused to ${what} on ${target.name}: ${target.production ? 'it counts as production' : always}.`
      : `Refused to ${what}: ${JSON.stringify(confirmed)} is not the target's name.`,
    [
      `to go on: --confirm ${target.name}`,
      ...(always === undefined
        ? ['if it is not production, declare it under environments in cache.config.json']
        : []),
    ],
  )
}
