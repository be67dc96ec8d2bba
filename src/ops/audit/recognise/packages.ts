import { KNOWN_PACKAGES, type Kind } from './known-packages.js'

const byName = new Map(KNOWN_PACKAGES.flatMap((each) => each.names.map((name) => [name, each] as const)))

/** Where the declarations of known packages stand in the program: no such directory exists. */
const STUBS = '/__cache_audit_packages__/'

/** The known package that an import names, also by a subpath such as `@upstash/redis/cloudflare`. */
export function packageOf(specifier: string): string | undefined {
  if (byName.has(specifier)) return specifier
  const name = specifier.includes(':') ? ofDeno(specifier) : specifier
  const parts = name.split('/')
  const base = parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
  return byName.has(base) ? base : undefined
}

// Of Supabase's edge functions: `npm:ioredis@5`, `https://esm.sh/@upstash/redis@1.20`, `https://deno.land/x/redis/mod.ts`.
const REGISTRY =
  /^(?:(?:npm|jsr):\/?|https?:\/\/(?:esm\.sh|esm\.run|cdn\.skypack\.dev|cdn\.jsdelivr\.net\/npm|unpkg\.com|deno\.land\/x)\/(?:v\d+\/|\*)?)/

function ofDeno(specifier: string): string {
  const rest = specifier.replace(REGISTRY, '')
  return rest.replace(/(?<=[^/])@[^/?]*|\?.*$/g, '').replace(/^upstash_redis\b/, '@upstash/redis')
}

/** The path under which the program finds a known package's declarations. */
export function stubPath(packageName: string): string {
  return `${STUBS}${packageName.replace('/', '+')}/index.d.ts`
}

/** The known package whose declarations stand at this path. */
export function packageAt(path: string): string | undefined {
  return path.startsWith(STUBS) ? path.slice(STUBS.length).split('/')[0]!.replace('+', '/') : undefined
}

export function declarationsOf(packageName: string): string {
  return byName.get(packageName)?.declarations ?? ''
}

/** What a known package's class or interface is; by its exported name also where only the binding is known. */
export function kindIn(packageName: string, name: string): Kind | undefined {
  const found = byName.get(packageName)
  if (!found) return undefined
  const alias = new RegExp(`(\\w+) as ${name.replace(/\W/g, '')}\\b`).exec(found.declarations)?.[1]
  return found.kinds[name] ?? (alias === undefined ? undefined : found.kinds[alias])
}

/** Whether a package's caches and limiters answer whatever the backend does. */
export function answersAlways(packageName: string): boolean {
  return byName.get(packageName)?.answersAlways === true
}

/** The option that gives a limiter middleware shared state; undefined when the export is no such middleware. */
export function storeOptionOf(packageName: string, exportName: string): string | undefined {
  const middleware = byName.get(packageName)?.middleware
  return middleware?.exports.includes(exportName) ? middleware.storeOption : undefined
}

/** The option by which a limiter middleware lets requests pass when its store fails; undefined when it has none. */
export function passOptionOf(packageName: string, exportName: string): string | undefined {
  const middleware = byName.get(packageName)?.middleware
  return middleware?.exports.includes(exportName) ? middleware.passOption : undefined
}
