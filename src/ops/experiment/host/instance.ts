import type { Instance } from '../measurement.js'
import { describeError } from '../plain-text.js'
import type { Subject, SubjectCache, SubjectEnvironment } from '../subjects/subject.js'

const DEADLINE_MS = 1000
const METHODS: readonly string[] = ['del', 'get', 'set']

/** Creates one more instance under a condition, notes what the factory gave, and ends it again. Never rejects. */
export async function describeInstance(
  subject: Subject,
  condition: Instance['condition'],
  environment: SubjectEnvironment,
): Promise<Instance> {
  const nothing: Instance = { condition, type: null, methods: [], error: null }
  try {
    const cache = await withDeadline(subject.create(environment))
    if (cache === null || cache === undefined) return nothing
    void endQuietly(cache)
    const made = cache.wrapped === undefined ? cache : cache.wrapped
    if (made === null) return nothing
    const callable = made as unknown as Record<string, unknown>
    const methods = (cache.relied ?? METHODS).filter((method) => typeof callable[method] === 'function')
    const relied = cache.relied && { relied: cache.relied.toSorted() }
    return { ...nothing, type: made.constructor.name, methods: methods.toSorted(), ...relied }
  } catch (error) {
    return { ...nothing, error: describeError(error) }
  }
}

/** Ends a subject's connections and says nothing about it. */
export async function endQuietly(cache: SubjectCache): Promise<void> {
  try {
    await withDeadline(Promise.resolve(cache.close()))
  } catch {
    // The process is about to end, and with it whatever did not want to.
  }
}

/** A factory may answer null against its type: that is one of the things to find out. */
function withDeadline<T>(promise: Promise<T>): Promise<T | null | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`did not return within ${DEADLINE_MS} ms`)), DEADLINE_MS)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
