import type { SubjectEnvironment } from '../subject.js'
import { loadExport } from './load-export.js'
import type { ModuleReference } from './module-reference.js'

/**
 * What the module gives in an environment: what its factory returns, awaited, or an instance of its class, or what it exports
 * ready made. Null when there is none, undefined included.
 *
 * The environment is put where an application looks for it, in `process.env` before the import, and handed to the factory:
 * for several environments it takes as many processes.
 */
export async function make(
  reference: ModuleReference,
  environment: SubjectEnvironment,
): Promise<object | null> {
  exportVariables(environment)
  const exported = await loadExport(reference)
  if (typeof exported !== 'function') return asObject(await exported)
  const { redisUrl, upstash = null } = environment
  const argument = { redisUrl, upstash }
  if (isClass(exported)) return new (exported as new (given: typeof argument) => object)(argument)
  return asObject(await (exported as (given: typeof argument) => unknown)(argument))
}

function exportVariables({ redisUrl, upstash }: SubjectEnvironment): void {
  const variables = {
    REDIS_URL: redisUrl,
    UPSTASH_REDIS_REST_URL: upstash?.url,
    UPSTASH_REDIS_REST_TOKEN: upstash?.token,
  }
  for (const [name, value] of Object.entries(variables)) {
    if (value) process.env[name] = value
    else delete process.env[name]
  }
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value))
}

/** A number or a text is no more of a cache than null is. */
function asObject(value: unknown): object | null {
  return (typeof value === 'object' || typeof value === 'function') && value !== null ? value : null
}
