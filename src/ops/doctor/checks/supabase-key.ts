import type { WorldCheck } from '../check.js'
import { endOf, roleOf } from '../supabase-key.js'

const VARIABLE = 'SUPABASE_SERVICE_ROLE_KEY'

export const supabaseKeyCheck: WorldCheck = {
  on: 'world',
  id: 'SUP-003',
  group: 'supabase',
  title: 'the key is a service key',
  threshold: {
    warn: null,
    fail: null,
    source:
      'Supabase documentation on API keys: only service_role passes row-level security; fails for any other role and an expired key',
  },
  deadlineMs: 1000,
  run({ environment }) {
    const key = environment[VARIABLE]?.trim()
    if (!key) return { status: 'skip', message: 'there is no key (ENV-001)' }
    const role = roleOf(key)
    if (role === null) {
      return {
        status: 'unknown',
        message: `${VARIABLE} is no key whose role can be read; SUP-001 tells whether it is accepted`,
      }
    }
    if (role !== 'service_role') {
      const shown = /^\w{1,30}$/.test(role) ? role : 'another role'
      return {
        status: 'FAIL',
        message: `${VARIABLE} holds a key of ${shown}: row-level security hides every row from it, and reads come back empty, without an error`,
        remediation: {
          text: 'Copy the secret key (service_role) of this project, and keep it on the server.',
        },
      }
    }
    const end = endOf(key)
    if (end !== null && end <= Date.now()) {
      const message = `${VARIABLE} expired on ${new Date(end).toISOString().slice(0, 10)}`
      return { status: 'FAIL', message, remediation: { text: 'Copy the current key of this project.' } }
    }
    return { status: 'ok', message: 'service_role' }
  },
}
