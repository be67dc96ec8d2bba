import { createHmac, timingSafeEqual } from 'node:crypto'
import { RestError } from './rest-error.js'

export type Claims = Record<string, unknown>

/** How far the clocks of who signs and who reads may differ. */
const SKEW_S = 30

/**
 * The claims of a JSON Web Token that was signed with this secret (HS256) and is valid now.
 *
 * @throws RestError 401: `PGRST301` when it is none or not ours, `PGRST303` when its time is over or has not come
 */
export function readToken(token: string, secret: string, now: number = Date.now()): Claims {
  const parts = token.split('.')
  if (parts.length !== 3) throw refused('PGRST301', `Expected 3 parts in JWT; got ${parts.length}`)
  const [header = '', payload = '', signature = ''] = parts
  // The algorithm is ours to choose: a token that says `none` has not been signed.
  if (decoded(header)?.['alg'] !== 'HS256') {
    throw refused('PGRST301', 'Wrong or unsupported encoding algorithm')
  }
  const wanted = createHmac('sha256', secret).update(`${header}.${payload}`).digest()
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw refused('PGRST301', 'No suitable key or wrong key type')
  }
  const claims = decoded(payload)
  if (claims === null) throw refused('PGRST303', 'Parsing claims failed')
  const seconds = now / 1000
  if ((timeOf(claims, 'exp') ?? Infinity) <= seconds - SKEW_S) throw refused('PGRST303', 'JWT expired')
  if ((timeOf(claims, 'nbf') ?? -Infinity) > seconds + SKEW_S) throw refused('PGRST303', 'JWT not yet valid')
  if ((timeOf(claims, 'iat') ?? -Infinity) > seconds + SKEW_S) {
    throw refused('PGRST303', 'JWT issued at future')
  }
  return claims
}

function decoded(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null
  } catch {
    return null
  }
}

function timeOf(claims: Claims, claim: 'exp' | 'nbf' | 'iat'): number | null {
  const time = claims[claim] ?? null
  if (time === null || typeof time === 'number') return time
  throw refused('PGRST303', `The JWT '${claim}' claim must be a number`)
}

function refused(code: 'PGRST301' | 'PGRST303', message: string): RestError {
  const challenge = `Bearer error="invalid_token", error_description="${message}"`
  return new RestError(401, { code, message }, { 'www-authenticate': challenge })
}
