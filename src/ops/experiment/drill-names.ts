// Has `dns.lookup`, by which Node connects to hosts, ask the name server of a drill for the names of drills. Loaded before
// an application's own code by `node --import FILE`, or NODE_OPTIONS, with CACHE_DRILL_RESOLVER=127.0.0.1:PORT; without that
// variable it changes nothing. It imports nothing of ours but a word, so that it costs an application nothing.
import dns, { type LookupAddress, type LookupAllOptions, type LookupOptions } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { RESOLVER_VARIABLE } from './drill-names-variable.js'

type Callback = (
  error: NodeJS.ErrnoException | null,
  address?: string | LookupAddress[],
  family?: number,
) => void
type Options = LookupOptions | number | null | undefined

/** Of libuv, on every system. */
const ERRNO = { ENOTFOUND: -3008, EAI_AGAIN: -3001 } as const

const resolverAddress = process.env[RESOLVER_VARIABLE]
if (resolverAddress) lookUpAt(resolverAddress)

function isOfDrills(hostname: unknown): hostname is string {
  return typeof hostname === 'string' && /\.cache-drill\.invalid\.?$/i.test(hostname)
}

function lookUpAt(address: string): void {
  const resolver = new dns.Resolver({ timeout: 5000, tries: 1 })
  resolver.setServers([address])
  const { lookup } = dns
  const lookupAsPromise = dns.promises.lookup

  const ask = (hostname: string, options: Options, callback: Callback) => {
    resolver.resolve4(hostname, (error, addresses) => {
      const asked = typeof options === 'object' ? options : undefined
      const family = asked ? asked?.family : options
      if (error) return callback(failure(error.code === 'ENOTFOUND' ? 'ENOTFOUND' : 'EAI_AGAIN', hostname))
      const found = family === 6 || family === 'IPv6' ? undefined : addresses[0]
      if (found === undefined) return callback(failure('ENOTFOUND', hostname))
      if (asked?.all) callback(null, [{ address: found, family: 4 }])
      else callback(null, found, 4)
    })
  }
  const patched = (hostname: string, options: Options | Callback, callback?: Callback) => {
    const done = typeof options === 'function' ? options : callback
    if (!isOfDrills(hostname) || typeof done !== 'function')
      return Reflect.apply(
        lookup as (...given: unknown[]) => unknown,
        dns,
        callback === undefined ? [hostname, options] : [hostname, options, callback],
      )
    ask(hostname, typeof options === 'function' ? undefined : options, done)
    return {}
  }
  const patchedAsPromise = (hostname: string, options?: Options) => {
    if (!isOfDrills(hostname)) return lookupAsPromise(hostname, options as LookupAllOptions)
    return new Promise((resolve, reject) =>
      ask(hostname, options, (error, found, family) => {
        if (error) reject(error)
        else resolve(Array.isArray(found) ? found : { address: found, family })
      }),
    )
  }
  // With what Node keeps on the function, so that `util.promisify` of it goes on giving address and family.
  dns.lookup = Object.defineProperties(patched, Object.getOwnPropertyDescriptors(lookup)) as typeof lookup
  dns.promises.lookup = Object.defineProperties(
    patchedAsPromise,
    Object.getOwnPropertyDescriptors(lookupAsPromise),
  ) as typeof lookupAsPromise
  syncBuiltinESMExports()
}

/** As `getaddrinfo` fails. */
function failure(code: keyof typeof ERRNO, hostname: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ${code} ${hostname}`)
  return Object.assign(error, { errno: ERRNO[code], code, syscall: 'getaddrinfo', hostname })
}
