import type { IncomingHttpHeaders } from 'node:http'
import { readToken, type Claims } from './read-token.js'
import { RestError } from './rest-error.js'

/** On whose behalf the database is asked. */
export interface Caller {
  role: string
  claims: Claims
}

/** Those that Supabase's authenticator may become. */
const ROLES: unknown[] = ['anon', 'authenticated', 'service_role']
const API_KEY_ROLES: unknown[] = ['anon', 'service_role']

/**
 * First the gate, which wants an API key of the project; then who it is: the bearer of a token, else of that key.
 *
 * @throws RestError 401
 */
export function readCaller(headers: IncomingHttpHeaders, secret: string): Caller {
  const apiKey = headers['apikey']
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw gateClosed('No API key found in request', 'No `apikey` request header was found.')
  }
  const key = keyClaims(apiKey, secret)
  const bearer = /^bearer\s+(.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim()
  const claims = bearer === undefined || bearer === apiKey ? key : readToken(bearer, secret)
  const role = claims['role'] ?? 'anon'
  if (typeof role === 'string' && ROLES.includes(role)) return { role, claims }
  throw new RestError(403, { code: '42501', message: 'permission denied to set role' })
}

/** A token that a user got is no API key. */
function keyClaims(apiKey: string, secret: string): Claims {
  let claims: Claims | null = null
  try {
    claims = readToken(apiKey, secret)
  } catch {
    // What is wrong with it is not told to a stranger.
  }
  if (claims !== null && API_KEY_ROLES.includes(claims['role'])) return claims
  throw gateClosed('Invalid API key', 'Double check your Supabase `anon` or `service_role` API key.')
}

/** Supabase's gateway stands before PostgREST and has errors without a code; clients read `message`. */
function gateClosed(message: string, hint: string): RestError {
  return new RestError(401, { code: 'UNAUTHORIZED', message, hint })
}
