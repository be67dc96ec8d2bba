import { UsageError } from '../../../report/errors.js'
import { spokenByApp, type AppSpec } from '../app.js'
import { redisNames } from '../environment.js'
import type { OwnServer } from './guarded-server.js'

type Named = Pick<AppSpec, 'env' | 'redisVariables' | 'backend' | 'withSupabase'>

/**
 * The servers that an app would use, from its environment alone. One with a door is there for certain.
 *
 * @throws UsageError when no server is named that could be taken away, or a variable holds no address; it repeats none
 */
export function ownServersOf(spec: Named): OwnServer[] {
  const { protocol } = spokenByApp(spec)
  const servers: OwnServer[] = []
  for (const variable of redisNames(spec)) {
    const url = spec.env[variable]?.trim()
    if (!url) continue
    requireAddress(variable, url, ['redis:', 'rediss:'])
    const same = servers.find((each) => placeOf(each.url) === placeOf(url))
    if (same) same.variables = [...same.variables, variable]
    // The first is what the app uses for its cache: REDIS_URL, or what --redis-variable names.
    else
      servers.push({
        service: 'redis',
        variables: [variable],
        url,
        hasDoor: protocol === 'resp' && servers.length === 0,
      })
  }
  for (const [service, variable, hasDoor] of [
    ['upstash', 'UPSTASH_REDIS_REST_URL', protocol === 'rest'],
    ['supabase', 'SUPABASE_URL', true],
  ] as const) {
    const url = spec.env[variable]?.trim()
    if (!url) continue
    requireAddress(variable, url, ['http:', 'https:'])
    servers.push({ service, variables: [variable], url, hasDoor })
  }
  const backend = protocol === 'rest' ? 'upstash' : 'redis'
  if (servers.some(({ service, hasDoor }) => service === backend && hasDoor)) return servers
  const missing = protocol === 'rest' ? 'UPSTASH_REDIS_REST_URL' : 'REDIS_URL'
  throw new UsageError('NO_TARGET', `The app has no server of its own: ${missing} is not set.`, [
    `export ${missing}, or --env NAME`,
    'without --own-servers the drill brings servers of its own',
  ])
}

function requireAddress(variable: string, url: string, protocols: readonly string[]): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && protocols.includes(parsed.protocol) && parsed.hostname !== '') return
  const wanted = protocols.map((protocol) => `${protocol}//`).join(' or ')
  throw new UsageError('BAD_URL', `${variable} is not a ${wanted} URL of a host.`, [
    `export ${variable}=${protocols.at(-1)}//host`,
  ])
}

function placeOf(url: string): string {
  const { hostname, port } = new URL(url)
  return `${hostname}:${port || 6379}`
}
