import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { isAppVariable } from './app-variables.js'

/**
 * The application's own variables as `.env` in a directory has them; never any other, such as PATH or our `CACHE_*`
 * settings. Empty where there is no such file, or none that we may read.
 */
export function readDotEnv(directory: string): Record<string, string> {
  let text: string
  try {
    text = readFileSync(join(directory, '.env'), 'utf8')
  } catch {
    return {}
  }
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(text)))
    if (value !== undefined && isAppVariable(name)) found[name] = value
  return found
}

/** Sets what is not set; what somebody exported, even as empty, wins. @returns the names that were set */
export function adoptDotEnv(env: Record<string, string | undefined>, directory: string): string[] {
  const missing = Object.entries(readDotEnv(directory)).filter(([name]) => env[name] === undefined)
  for (const [name, value] of missing) env[name] = value
  return missing.map(([name]) => name)
}
