import type { IncomingHttpHeaders } from 'node:http'
import { readShape, type Shape } from './media-type.js'
import { readPreferences, type Preferences } from './preferences.js'
import { RestError } from './rest-error.js'

/** What a client asks for, once its HTTP is taken off. */
export interface RestRequest {
  method: string
  path: string
  query: URLSearchParams
  preferences: Preferences
  shape: Shape
  /** The header Range. */
  range: string | undefined
  /** Empty where a request has none. */
  body: string
}

/** What the client is told. */
export interface RestAnswer {
  status: number
  headers?: Record<string, string>
  /** JSON; none is no body. */
  body?: string
}

interface Sent {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

/** @throws RestError for headers that ask for what there is not */
export function readRestRequest({ headers, ...sent }: Sent): RestRequest {
  const isRead = sent.method === 'GET' || sent.method === 'HEAD'
  const schema = headers[isRead ? 'accept-profile' : 'content-profile'] ?? 'public'
  if (schema !== 'public') {
    throw new RestError(406, {
      code: 'PGRST106',
      message: 'Invalid schema',
      hint: 'Only the following schemas are exposed: public',
    })
  }
  return {
    ...sent,
    preferences: readPreferences(headers['prefer']?.toString()),
    shape: readShape(headers.accept),
    // Of a write there is nothing to be left out.
    range: isRead ? headers.range : undefined,
  }
}

/** Parameters that are no filters. */
const RESERVED = new Set(['select', 'order', 'limit', 'offset', 'columns', 'on_conflict'])

export function filtersOf(query: URLSearchParams): [string, string][] {
  return [...query].filter(([name]) => !RESERVED.has(name))
}
