import type { Instance } from '../measurement.js'
import type { SubjectReference } from '../subjects/reference.js'
import type { Subject, SubjectCache, SubjectEnvironment } from '../subjects/subject.js'
import { describeApart, type Apart } from './describe-apart.js'
import { redisAtUsualPlace } from '../usual-place.js'
import { describeInstance, describeMade, nothing } from './instance.js'
import type { Parent } from './parent.js'

/** As an application that was given no backend. */
const UNCONFIGURED = { redisUrl: null, upstash: null }

/** Tells the engine what the factory gives, with and without a backend, and later in the fault. */
export interface Conditions {
  /** Once the subject has been made, and before there is traffic. */
  tellBefore(): Promise<void>
  tellInFault(): Promise<void>
  /** What has not returned by now was not all in the fault. */
  heal(): void
}

interface Described {
  reference: SubjectReference
  subject: Subject
  environment: SubjectEnvironment
  cache: SubjectCache
}

/** Of one of ours an instance more is made here; a module's factory is called where nothing of it has run before. */
export function watchConditions(
  { reference, subject, environment, cache }: Described,
  parent: Pick<Parent, 'send'>,
): Conditions {
  let apart: Apart | undefined
  const tell = (instance: Instance | null) => {
    if (instance) parent.send({ type: 'instance', instance })
  }
  const describe = (condition: Instance['condition'], where: SubjectEnvironment) => {
    if (typeof reference === 'string') return describeInstance(subject, condition, where)
    const { relied = [] } = cache
    apart = describeApart(
      { type: 'describe', condition, subject: reference, environment: where, relied },
      parent,
    )
    return apart.instance
  }
  return {
    async tellBefore() {
      tell(
        typeof reference === 'string'
          ? await describe('healthy', environment)
          : describeMade(cache.wrapped ?? null, 'healthy', cache.relied),
      )
      const stranger = typeof reference === 'string' ? null : await redisAtUsualPlace()
      tell(
        stranger === null
          ? await describe('unconfigured', { ...environment, ...UNCONFIGURED })
          : { ...nothing('unconfigured'), skipped: stranger },
      )
    },
    async tellInFault() {
      tell(await describe('fault', environment))
    },
    heal: () => apart?.giveUp(),
  }
}
