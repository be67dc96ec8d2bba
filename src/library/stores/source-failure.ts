import type { Failure } from './failure.js'
import type { StoreErrorCode } from './store-error.js'
import { unansweredFailure } from './unanswered-failure.js'

/** What is looked at of what supabase-js resolves to. All of it may come from anybody who answers at that URL. */
export interface Answer {
  /** Of HTTP; 0 where there was no answer. */
  status: unknown
  error: unknown
  data: unknown
  /** Whether rows were asked for and nothing else. */
  isRead: boolean
}

/** Null when it did. */
export function failureOf({ status, error, data, isRead }: Answer): Failure | null {
  if (status === 0) return unansweredFailure(error)
  const isError = error !== null && error !== undefined
  if (isError || typeof status !== 'number' || status < 200 || status > 299) return refusal(status, error)
  // supabase-js makes a 204 of an empty 404, and null of an empty body.
  const isEmpty = status === 204 || data === undefined || (data === null && isRead)
  return isEmpty ? { code: 'UNEXPECTED', message: 'the answer is empty', sourceCode: null } : null
}

/** SQLSTATEs, and what PostgREST has of the kind; the first that fits decides. */
const BY_SOURCE_CODE: readonly [RegExp, keyof typeof WORDS][] = [
  [/^57014$/, 'TIMEOUT'],
  [/^(?:42501|28...|0L...|0P...|PGRST30[0-3])$/, 'DENIED'],
  [/^(?:08...|53...|57P..|PGRST00[0-3])$/, 'OVERLOADED'],
  // What the input alone breaks: a check, or a value that is missing.
  [/^(?:23502|23514)$/, 'INVALID'],
  [/^23...$/, 'CONFLICT'],
  // That there is not exactly one row is no fault of the input.
  [/^(?:PGRST116|PGRST2..|42...)$/, 'UNEXPECTED'],
  [/^(?:22...|PGRST1..)$/, 'INVALID'],
]

/** Those from 521 to 524 are what Cloudflare, in front of Supabase, says of an origin that is away or slow; 540 and 544 what Supabase says of a project that is paused, and of a gateway that is slow. */
const BY_STATUS: Partial<Record<number, keyof typeof WORDS>> = {
  401: 'DENIED',
  403: 'DENIED',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  413: 'INVALID',
  414: 'INVALID',
  429: 'OVERLOADED',
  431: 'INVALID',
  502: 'UNREACHABLE',
  503: 'OVERLOADED',
  504: 'TIMEOUT',
  521: 'UNREACHABLE',
  522: 'UNREACHABLE',
  523: 'UNREACHABLE',
  524: 'TIMEOUT',
  540: 'UNREACHABLE',
  544: 'TIMEOUT',
}

const WORDS = {
  UNREACHABLE: 'there is a gateway, and nobody behind it',
  TIMEOUT: 'it was given up before there was an answer',
  OVERLOADED: 'the database asks for patience',
  DENIED: 'the key, or a policy of the database, does not allow it',
  CONFLICT: 'other records do not allow it',
  INVALID: 'the database cannot take this input',
  UNEXPECTED: 'the answer is none that was expected',
} satisfies Partial<Record<StoreErrorCode, string>>

/** A relation or a function that is not there. */
const MISSING = /^(?:42P01|42883|PGRST20[25])$/

function refusal(status: unknown, error: unknown): Failure {
  const sourceCode = sourceCodeOf(error)
  const http = typeof status === 'number' ? status : null
  const bySource = BY_SOURCE_CODE.find(([pattern]) => sourceCode !== null && pattern.test(sourceCode))
  const code = bySource?.[1] ?? (http === null ? undefined : BY_STATUS[http]) ?? 'UNEXPECTED'
  const isMissing = sourceCode !== null && MISSING.test(sourceCode)
  const words = isMissing ? 'a table or function is missing: apply supabase/migrations' : WORDS[code]
  const evidence = [
    http === null ? 'no HTTP status' : `HTTP ${http}`,
    ...(sourceCode === null ? [] : [sourceCode]),
  ]
  return { code, message: `${words} (${evidence.join(', ')})`, sourceCode }
}

/** Only what has the form of one: it goes into messages and logs. */
function sourceCodeOf(error: unknown): string | null {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' && /^(?:[0-9A-Z]{5}|PGRST[0-9X]\d\d)$/.test(code) ? code : null
}
