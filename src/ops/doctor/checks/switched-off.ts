import type { WorldCheck } from '../check.js'

/** The application's; all of them are on unless set otherwise. */
const FLAGS: Record<string, string> = {
  ENABLE_AUTH_VALIDATION_CACHE: 'every request validates its login at Supabase',
  ENABLE_RATE_LIMITER_REDIS: 'nobody is limited',
  ENABLE_CONVERSATION_CACHING: 'every conversation is read from Supabase',
}
const PROVIDERS = {
  CACHE_PROVIDER: 'caches pass everything through',
  RATE_LIMIT_PROVIDER: 'nobody is limited',
}
const ON = new Set(['', 'true', '1', 'yes', 'on'])
const OFF = new Set(['false', '0', 'no', 'off'])

export const switchedOffCheck: WorldCheck = {
  on: 'world',
  id: 'ENV-004',
  group: 'environment',
  title: 'nothing is switched off',
  unit: 'flags',
  threshold: { warn: 1, fail: null, source: 'the application: its flags are true unless set otherwise' },
  deadlineMs: 1000,
  run({ environment }) {
    const valueOf = (name: string) => (environment[name] ?? '').trim().toLowerCase()
    const off = Object.entries(FLAGS).flatMap(([name, effect]) => {
      if (OFF.has(valueOf(name))) return [`${name} is off: ${effect}`]
      return ON.has(valueOf(name)) ? [] : [`${name} is neither true nor false`]
    })
    for (const [name, effect] of Object.entries(PROVIDERS)) {
      if (valueOf(name) === 'none') off.push(`${name}=none: ${effect}`)
    }
    if (off.length === 0) return { status: 'ok', message: 'all feature flags are on', value: 0 }
    return {
      status: 'warn',
      message: off.join('; '),
      value: off.length,
      remediation: {
        text: 'Intended? Then leave this check out.',
        commands: ['cache doctor --skip ENV-004'],
      },
    }
  },
}
