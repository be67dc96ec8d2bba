import type { Traits } from '../messages.js'
import { clientsOf } from '../subjects/module/clients.js'
import type { Subject, SubjectCache } from '../subjects/subject.js'

/** What only the process that has the subject can tell; of ours it is known. */
export function traitsOf({ limiterAlone, ttlLeftOut, wrapped }: SubjectCache, { module }: Subject): Traits {
  const clients = module && wrapped ? clientsOf(wrapped) : []
  return {
    ...(ttlLeftOut && { ttlLeftOut }),
    ...(limiterAlone && { limiterAlone }),
    ...(clients.length > 0 && { clients }),
  }
}
