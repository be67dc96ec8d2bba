import { findSubject } from './index.js'
import type { ModuleReference } from './module/module-reference.js'
import { moduleSubject } from './module/module-subject.js'
import type { Subject } from './subject.js'

/** What a host needs to make a subject: the name of one of ours, or where another is. */
export type SubjectReference = string | ModuleReference

/** Throws when no subject is called that. */
export function subjectOf(reference: SubjectReference): Subject {
  if (typeof reference !== 'string') return moduleSubject(reference)
  const subject = findSubject(reference)
  if (!subject) throw new Error(`no subject is called ${reference}`)
  return subject
}

export function referenceTo({ name, module }: Pick<Subject, 'name' | 'module'>): SubjectReference {
  return module ?? name
}
