import type { WorldCheck } from '../check.js'
import { roleOf } from '../supabase-key.js'

/** Bundlers put variables of these names into what browsers load. */
const PUBLIC = /^(?:NEXT_PUBLIC|VITE|EXPO_PUBLIC|REACT_APP|PUBLIC|NUXT_PUBLIC)_/
const SECRETS = [
  'SUPABASE_SERVICE_ROLE_KEY',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'UPSTASH_REDIS_REST_TOKEN',
] as const

export const exposedKeysCheck: WorldCheck = {
  on: 'world',
  id: 'SEC-006',
  group: 'security',
  title: 'no service key is public',
  unit: 'variables',
  threshold: {
    warn: null,
    fail: 1,
    source:
      'ours; the Next.js documentation: what begins with NEXT_PUBLIC_ becomes part of the code that browsers get',
  },
  deadlineMs: 1000,
  run({ environment }) {
    const secrets = new Set(SECRETS.flatMap((name) => environment[name]?.trim() || []))
    const exposed = Object.entries(environment)
      .filter(([name, value]) => PUBLIC.test(name) && value && isServiceKey(name, value.trim(), secrets))
      .map(([name]) => name)
    if (exposed.length === 0) return { status: 'ok', message: 'none found', value: 0 }
    return {
      status: 'FAIL',
      message: `${exposed.join(', ')}: every browser that loads the application gets a key of the server`,
      value: exposed.length,
      remediation: {
        text: 'Count the key as stolen: replace it at the service, rename the variable, build again.',
      },
    }
  },
}

function isServiceKey(name: string, value: string, secrets: ReadonlySet<string>): boolean {
  if (secrets.has(value) || roleOf(value) === 'service_role') return true
  if (/SERVICE_ROLE|UPSTASH_REDIS_REST_TOKEN|REDIS_PASSWORD/.test(name)) return true
  return /^rediss?:\/\/[^/]*:[^/]*@/.test(value)
}
