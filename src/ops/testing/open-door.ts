import { createRestDoor } from '../faults/doors/rest.js'
import { createTcpDoor } from '../faults/doors/tcp.js'
import { NamedFaultDoor, type FaultDoor } from './fault-door.js'
import type { RedisFault, RestFault } from './fault-names.js'

/**
 * Opens a door to a Redis server. The server need not be there yet: a client whose server cannot be reached is cut.
 *
 * @param upstream `redis://…` of the server. Not `rediss://`: a certificate is made out to the server, not to the door
 * @throws RangeError for another URL
 *
 * @example
 * const door = await openTcpDoor(sandbox.redis.url)
 * const client = createKeyValueClient({ backend: 'redis', url: door.url })
 * await door.apply('stall')
 */
export async function openTcpDoor(upstream: string): Promise<FaultDoor<RedisFault>> {
  const { url, host, port } = parse(upstream, 'redis:', 6379)
  return new NamedFaultDoor(await createTcpDoor({ upstream: { host, port } }), url)
}

/**
 * Opens a door to a REST API, such as the sandbox's Upstash endpoint.
 *
 * @param upstream `http://…` of the service. Not `https://`: a certificate is made out to the service, not to the door
 * @throws RangeError for another URL
 */
export async function openRestDoor(upstream: string): Promise<FaultDoor<RestFault>> {
  const { url, host, port } = parse(upstream, 'http:', 80)
  return new NamedFaultDoor(await createRestDoor({ upstream: { host, port } }), url)
}

/** Its error does not repeat what it was given: a URL may hold a password. */
function parse(upstream: string, protocol: string, usualPort: number) {
  if (!URL.canParse(upstream) || new URL(upstream).protocol !== protocol)
    throw new RangeError(`the URL of what lies behind the door is not ${protocol}//host:port`)
  const url = new URL(upstream)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return { url, host, port: url.port === '' ? usualPort : Number(url.port) }
}
