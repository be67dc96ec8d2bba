/** Of the keys that Supabase gives out since 2025, which are no tokens. */
const PREFIXES: Record<string, string> = { sb_secret_: 'service_role', sb_publishable_: 'anon' }

/** The role that a key of Supabase names, such as `service_role` or `anon`; null when it cannot be told. Asks nobody. */
export function roleOf(key: string): string | null {
  const prefix = Object.keys(PREFIXES).find((each) => key.startsWith(each))
  if (prefix !== undefined) return PREFIXES[prefix]!
  const role = claimsOf(key)?.['role']
  return typeof role === 'string' ? role : null
}

/** When a key that is a token ends, in ms since 1970; null when it does not say. */
export function endOf(key: string): number | null {
  const end = claimsOf(key)?.['exp']
  return typeof end === 'number' ? end * 1000 : null
}

function claimsOf(token: string): Record<string, unknown> | null {
  const payload = token.split('.')[1]
  if (!token.startsWith('eyJ') || payload === undefined) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null
  } catch {
    return null
  }
}
