import { isConfigured } from '../subjects/is-configured.js'
import { subjectOf, type SubjectReference } from '../subjects/reference.js'
import type { Subject, SubjectCache, SubjectEnvironment } from '../subjects/subject.js'
import { underPrefix } from './under-prefix.js'

/**
 * Makes the subject in this process, and tries once what it is to do. Rejects with UsageError when it never could, and with
 * whatever else keeps it from being made.
 */
export async function makeSubject(
  reference: SubjectReference,
  environment: SubjectEnvironment,
): Promise<{ subject: Subject; cache: SubjectCache }> {
  const subject = subjectOf(reference)
  const made = await subject.create(environment)
  const { keyPrefix } = environment
  const cache = keyPrefix === undefined ? made : underPrefix(made, keyPrefix)
  if (isConfigured(environment)) await cache.rehearse?.()
  return { subject, cache }
}
