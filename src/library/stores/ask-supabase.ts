import { systemClock } from '../kernel/clock.js'
import { failureOf, type Answer } from './source-failure.js'
import { StoreError } from './store-error.js'

/** Who asks, for the error, and how long the answer is waited for. */
export interface Ask {
  store: string
  operation: string
  /** In ms. */
  deadlineMs: number
}

/** A query of supabase-js, built and not yet sent. */
export type SupabaseQuery = PromiseLike<unknown>

type Fetch = (...request: unknown[]) => Promise<{ readonly status: number }>

/** What a builder of supabase-js can do, depending on its version. */
interface Builder extends SupabaseQuery {
  retry?(enabled: boolean): Builder
  abortSignal?(signal: AbortSignal): Builder
  readonly method?: unknown
  fetch?: Fetch
}

/**
 * Sends a query once and answers its `data`, within the deadline.
 *
 * Ask for what you expect back: the rows of a read as a list (no `maybeSingle`), those of a write with `select()`, a value
 * of a function. No answer at all, as of something in between, then cannot be taken for "there is none": it is `UNEXPECTED`.
 * Whether a change that failed was carried out is known only where the database said no.
 *
 * @throws StoreError for every failure, with nothing in it that the database or the input said
 */
export function askSupabase<T>(ask: Ask, query: SupabaseQuery): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController()
    const timer = systemClock.setTimer(() => {
      // An answer that only our own busy event loop kept from us still wins.
      systemClock.afterPendingIo(() => {
        reject(new StoreError('TIMEOUT', ask, `no answer within ${ask.deadlineMs} ms`))
        controller.abort()
      })
    }, ask.deadlineMs)
    const told = (answer: Answer) => {
      systemClock.clearTimer(timer)
      const failure = failureOf(answer)
      if (failure === null) return resolve(answer.data as T)
      const { code, message, sourceCode } = failure
      reject(new StoreError(code, ask, message, { sourceCode }))
    }
    send(query, controller.signal)
      .then(told)
      // What was thrown may be anything, also something that throws when it is looked at.
      .catch(() => reject(new StoreError('UNEXPECTED', ask, 'the answer cannot be read')))
  })
}

async function send(query: SupabaseQuery, signal: AbortSignal): Promise<Answer> {
  try {
    let builder: Builder = query
    // By itself it sends a read four times, over seven seconds, and the client's own option is not heard.
    if (typeof builder.retry === 'function') builder = builder.retry(false)
    if (typeof builder.abortSignal === 'function') builder = builder.abortSignal(signal)
    const wasMissing = hearMissing(builder)
    const { status, error, data } = (await builder) as Omit<Answer, 'isRead'>
    return { status: wasMissing() ? 404 : status, error, data, isRead: builder.method === 'GET' }
  } catch (thrown) {
    return { status: 0, error: thrown, data: null, isRead: false }
  }
}

/** supabase-js makes "no rows" of a 404 whose body is a list, as anything in between may send one; so HTTP itself is asked. */
function hearMissing(builder: Builder): () => boolean {
  const { fetch } = builder
  let status = 0
  if (typeof fetch === 'function') {
    builder.fetch = async (...request) => {
      const response = await fetch(...request)
      status = response.status
      return response
    }
  }
  return () => status === 404
}
