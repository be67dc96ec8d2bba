import { createHmac } from 'node:crypto'

/** What clients show to the endpoint, as the dashboard of Supabase gives them. */
export interface SupabaseKeys {
  /** For clients whose users are not logged in. */
  readonly anonKey: string
  /** For servers: row-level security does not apply to it. */
  readonly serviceRoleKey: string
  /** Signs tokens of users (HS256) as the project's JWT secret does. */
  readonly jwtSecret: string
  /** Of a logged-in user, for an hour; shown beside a key. `userId` is a UUID where policies ask `auth.uid()`. */
  tokenFor(user: { tenantId: string; userId: string }): string
}

const KEY_SECONDS = 10 * 365 * 24 * 3600
const TOKEN_SECONDS = 3600

/** Keys that are signed with this secret; each is a JSON Web Token (HS256). */
export function keysOf(secret: string): SupabaseKeys {
  const key = (role: string) => signToken({ iss: 'supabase', role, ...validFor(KEY_SECONDS) }, secret)
  const role = 'authenticated'
  return {
    anonKey: key('anon'),
    serviceRoleKey: key('service_role'),
    jwtSecret: secret,
    tokenFor: ({ tenantId, userId }) =>
      signToken({ aud: role, role, sub: userId, tenant_id: tenantId, ...validFor(TOKEN_SECONDS) }, secret),
  }
}

export function signToken(claims: object, secret: string): string {
  const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

function validFor(seconds: number): { iat: number; exp: number } {
  const iat = Math.floor(Date.now() / 1000)
  return { iat, exp: iat + seconds }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
