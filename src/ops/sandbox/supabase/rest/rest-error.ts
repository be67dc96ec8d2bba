/** What the body of an error holds: PostgREST's form, which supabase-js hands to its caller. */
export interface ErrorBody {
  /** A SQLSTATE, PostgREST's `PGRST…`, or ours: `NOT_SUPPORTED`. */
  code: string
  message: string
  details: string | null
  hint: string | null
}

/** A request that is answered with this status, and undone if it had begun. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Record<string, string>

  constructor(
    status: number,
    body: Pick<ErrorBody, 'code' | 'message'> & Partial<ErrorBody>,
    headers: Record<string, string> = {},
  ) {
    super(body.message)
    this.status = status
    this.body = {
      code: body.code,
      details: body.details ?? null,
      hint: body.hint ?? null,
      message: body.message,
    }
    this.headers = headers
  }
}

/** For what Supabase can do and this endpoint cannot: a wrong answer would be worse. */
export function notSupported(feature: string): RestError {
  return new RestError(501, {
    code: 'NOT_SUPPORTED',
    message: `the emulated endpoint does not support ${feature}`,
    hint: 'docs/supabase-endpoint.md lists what it supports',
  })
}

/** For a query string that cannot be read. What it says is told, what it holds is not. */
export function unreadable(what: string, details: string): RestError {
  return new RestError(400, { code: 'PGRST100', message: `failed to parse ${what}`, details })
}

export function invalidBody(message: string): RestError {
  return new RestError(400, { code: 'PGRST102', message })
}
