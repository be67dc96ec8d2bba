import { dirname, resolve } from 'node:path'
import type { LoadedConfig } from '../ops/config/load.js'

/** What a project file says of `cache audit`; its paths are relative to itself. */
export function auditPolicyOf({ settings, file }: LoadedConfig) {
  const { rules, overrides, ignore, sanctioned } = settings.audit
  return { rules, overrides, ignore, sanctioned, ...(file !== null && { directory: dirname(file) }) }
}

/** The baseline that is meant; undefined when there is none. */
export function auditBaselineOf({ settings, origins, file }: LoadedConfig, update: boolean) {
  const { baseline: name } = settings.audit
  if (name === undefined) return undefined
  const isFromFile = file !== null && origins['audit.baseline'] === file
  return { name, path: isFromFile ? resolve(dirname(file), name) : resolve(name), update }
}
