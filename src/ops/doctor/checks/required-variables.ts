import type { WorldCheck } from '../check.js'

const REQUIRED = ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'] as const

export const requiredVariablesCheck: WorldCheck = {
  on: 'world',
  id: 'ENV-001',
  group: 'environment',
  title: 'required variables',
  unit: 'missing',
  threshold: { warn: null, fail: 1, source: 'the application: it cannot function without Supabase' },
  deadlineMs: 1000,
  run({ environment }) {
    const missing = REQUIRED.filter((name) => !environment[name]?.trim())
    const value = missing.length
    if (missing.length > 0) {
      return {
        status: 'FAIL',
        message: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set: without Supabase nothing works, with or without Redis`,
        value,
        remediation: {
          text: "Run doctor in the application's own environment.",
          commands: ['set -a; . ./.env; set +a; cache doctor'],
        },
      }
    }
    const url = environment['SUPABASE_URL']!.trim()
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      return {
        status: 'FAIL',
        message: 'SUPABASE_URL is no https:// URL: without Supabase nothing works',
        value: 1,
        remediation: { text: 'Copy the address of the project, such as https://abcd.supabase.co.' },
      }
    }
    return { status: 'ok', message: 'all are set', value }
  },
}
