import type { DeclaredLimit } from '../../limiting.js'
import type { ModuleReference } from './module-reference.js'
import { parseModule } from './parse-reference.js'
import { UsageError } from '../../../report/errors.js'
import { parseLimit } from './parse-limit.js'

/** What is said of a module beside its name, as it was typed. */
export interface ModuleFlags {
  backend?: string | undefined
  limit?: string | undefined
  'on-unavailable'?: string | undefined
  'module-ttl'?: string | undefined
}

/**
 * @param limiters as the project file declares them: the one that is called like the export counts, or the only one
 * @throws UsageError for what cannot be read, and when there is nothing to say it of
 */
export function moduleInFlags(
  module: string | undefined,
  flags: ModuleFlags,
  limiters: Readonly<Record<string, DeclaredLimit>>,
): ModuleReference | undefined {
  if (module === undefined) {
    const stray = Object.entries(flags).find(([, value]) => value !== undefined)
    if (!stray) return undefined
    throw new UsageError('NO_MODULE', `--${stray[0]} is about a module, and none is named.`, [
      '--module ./dist/cache.js#createCache',
    ])
  }
  const ttl = flags['module-ttl']
  const reference = parseModule(module, { protocol: flags.backend === 'upstash' ? 'rest' : 'resp' })
  const names = Object.keys(limiters)
  const named = limiters[reference.exportName ?? ''] ?? (names.length === 1 ? limiters[names[0]!] : undefined)
  const { 'on-unavailable': policy, limit } = flags
  const declared: Partial<DeclaredLimit> = {
    ...named,
    ...(limit !== undefined && parseLimit(limit)),
    ...(policy !== undefined && { onUnavailable: policy === 'deny' ? 'deny' : 'allow' }),
  }
  return { ...reference, declared, ...(ttl !== undefined && { ttl: parseTtl(ttl) }) }
}

/** A number, or options as JSON: handed to `set` as they are. */
function parseTtl(text: string): unknown {
  try {
    const ttl = JSON.parse(text) as unknown
    if (typeof ttl === 'number' || (typeof ttl === 'object' && ttl !== null)) return ttl
  } catch {
    // Said below.
  }
  throw new UsageError(
    'BAD_MODULE_TTL',
    `--module-ttl ${JSON.stringify(text)} is neither a number nor an object in JSON: it is the third argument of set, in the module's own unit.`,
    ['--module-ttl 300', `--module-ttl '{"ttl":300}'`],
  )
}
