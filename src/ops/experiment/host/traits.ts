import type { Traits } from '../messages.js'
import { clientsOf } from '../subjects/module/clients.js'
import type { Subject, SubjectCache } from '../subjects/subject.js'

/** What the process that has the subject can tell of it; of ours the client is known. */
export function traitsOf(
  { limiterAlone, ttlLeftOut, wrapped }: SubjectCache,
  { module, client }: Subject,
): Traits {
  const seen = module && wrapped ? clientsOf(wrapped) : []
  const clients = client ? [client] : seen
  return {
    ...(ttlLeftOut && { ttlLeftOut }),
    ...(limiterAlone && { limiterAlone }),
    ...(clients.length > 0 && { clients }),
  }
}
