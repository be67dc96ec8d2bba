import type { Instance } from '../measurement.js'
import { describeError, plainText } from '../plain-text.js'
import type { Subject, SubjectCache, SubjectEnvironment } from '../subjects/subject.js'
import { make } from '../subjects/module/make.js'
import type { ModuleReference } from '../subjects/module/module-reference.js'

const DEADLINE_MS = 1000
/** It is imported first. */
const MODULE_DEADLINE_MS = 2000
const METHODS: readonly string[] = ['del', 'get', 'set']

/** Creates one more instance under a condition, notes what the factory gave, and ends it again. Never rejects. */
export async function describeInstance(
  subject: Subject,
  condition: Instance['condition'],
  environment: SubjectEnvironment,
): Promise<Instance> {
  try {
    const cache = await withDeadline(subject.create(environment))
    if (cache === null || cache === undefined) return nothing(condition)
    void endQuietly(cache)
    return describeMade(cache.wrapped === undefined ? cache : cache.wrapped, condition, cache.relied)
  } catch (error) {
    return { ...nothing(condition), error: describeError(error) }
  }
}

/** What somebody's own factory gives, of whatever shape that is. Never rejects, and ends nothing: the process does. */
export async function describeModule(
  reference: ModuleReference,
  condition: Instance['condition'],
  environment: SubjectEnvironment,
  relied: readonly string[],
): Promise<Instance> {
  try {
    const made = await withDeadline(make(reference, environment), MODULE_DEADLINE_MS)
    return describeMade(made ?? null, condition, relied)
  } catch (error) {
    return { ...nothing(condition), error: describeError(error) }
  }
}

/** @param relied the methods on which callers rely. @default those of a cache */
export function describeMade(
  made: object | null,
  condition: Instance['condition'],
  relied?: readonly string[],
): Instance {
  if (made === null) return nothing(condition)
  const callable = made as unknown as Record<string, unknown>
  const methods = (relied ?? METHODS).filter((method) => typeof callable[method] === 'function')
  // An object may be without a prototype.
  const type = plainText((made.constructor as { name?: string } | undefined)?.name ?? 'Object')
  return {
    ...nothing(condition),
    type,
    methods: methods.toSorted(),
    ...(relied && { relied: relied.toSorted() }),
  }
}

/** Of a factory that gave nothing, or was not called. */
export function nothing(condition: Instance['condition']): Instance {
  return { condition, type: null, methods: [], error: null }
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
function withDeadline<T>(promise: Promise<T>, deadlineMs = DEADLINE_MS): Promise<T | null | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`did not return within ${deadlineMs} ms`)), deadlineMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
