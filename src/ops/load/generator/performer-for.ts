import { httpPerformer } from './http-performer.js'
import type { Surface } from './messages.js'
import type { Performer } from './performer.js'
import { createSubjectPerformer } from './subject-performer.js'
import type { Traffic } from './traffic.js'

/** Rejects with what keeps the surface from being asked: a UsageError when that is what was asked for. */
export function performerFor(surface: Surface, traffic: Traffic): Promise<Performer> {
  if (surface.type === 'subject') return createSubjectPerformer(surface, traffic)
  return Promise.resolve(httpPerformer(surface, traffic))
}
