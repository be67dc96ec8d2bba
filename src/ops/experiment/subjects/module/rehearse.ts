import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../../../report/errors.js'
import { REHEARSAL_KEY } from '../../keys.js'
import { describeError } from '../../plain-text.js'
import type { SubjectCache, VersionedValue } from '../subject.js'

/** A client may refuse everything, or answer nothing, until it is connected. */
const PATIENCE_MS = 3000
const PAUSE_MS = 50
/** With a client that is connected. */
const ONCE_MS = 500
const FAILS = 'MODULE_FAILS'

/** How values are given to `set`; turned over until one comes back. */
export interface Form {
  isText: boolean
}

/**
 * Stores a value, reads it and takes it away, with nothing wrong: what does not work now is no harm of an outage.
 *
 * That a value does not come back is accepted after 3 s: there is never a hit then, and clauses say so.
 *
 * @param form of a cache that may keep objects or only text
 * @throws UsageError `MODULE_FAILS` when one of the three still throws, or waits, after 3 s
 */
export async function rehearse(
  cache: Pick<SubjectCache, 'get' | 'set' | 'del'>,
  module: string,
  { key = REHEARSAL_KEY, form }: { key?: string | undefined; form?: Form } = {},
): Promise<void> {
  let tries = 0
  // Each on a key of its own: a cache may refuse for a while what it has just taken away.
  const another = () => (tries++ === 0 ? key : `${key}:${tries}`)
  await patiently(module, async (step) => {
    const isBack = await comesBack(cache, another(), step)
    if (form && !isBack) form.isText = !form.isText
    return isBack
  })
  if (form?.isText !== true) return
  // The object may only have been lost because nothing was connected then: what keeps both is given objects.
  form.isText = false
  const once: Step = (_, call) => withDeadline(call(), ONCE_MS)
  // cache-audit-ignore R9: a trial before the drill: what fails with an object is given text again, which came back
  form.isText = !(await comesBack(cache, another(), once).catch(() => false))
}

type Step = <T>(what: string, call: () => Promise<T>) => Promise<T>

async function comesBack(
  cache: Pick<SubjectCache, 'get' | 'set' | 'del'>,
  key: string,
  step: Step,
): Promise<boolean> {
  await step('set', () => cache.set(key, { key, version: 1 }))
  const answer = await step('get', () => cache.get(key))
  await step('del', () => cache.del(key))
  return (answer as Partial<VersionedValue> | null)?.key === key
}

/**
 * Tries until it answers true, for 3 s.
 *
 * @throws UsageError `MODULE_FAILS` when the last try did not come to an end
 */
export async function patiently(module: string, attempt: (step: Step) => Promise<boolean>): Promise<void> {
  const lastMs = performance.now() + PATIENCE_MS
  const isLate = () => performance.now() >= lastMs
  const step: Step = async (what, call) => {
    try {
      return await withDeadline(call(), lastMs - performance.now())
    } catch (error) {
      // It is no matter of time then.
      if (error instanceof UsageError) throw error
      throw new UsageError(
        FAILS,
        `With nothing wrong, ${what} of ${module} fails: ${describeError(error)}.`,
        [
          'run it by hand with a Redis that works',
          ...(what === 'set' ? ['--module-ttl 300, if set needs a third argument'] : []),
        ],
      )
    }
  }
  for (;;) {
    try {
      if ((await attempt(step)) || isLate()) return
    } catch (error) {
      if (isLate() || !(error instanceof UsageError) || error.code !== FAILS) throw error
    }
    await sleep(PAUSE_MS)
  }
}

function withDeadline<T>(promise: Promise<T>, leftMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
    const timer = setTimeout(late, Math.max(leftMs, PAUSE_MS))
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
