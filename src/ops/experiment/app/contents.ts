import type { OperationRecord } from '../measurement.js'
import { contentAt } from './answers.js'
import type { Answer } from './exchange.js'
import type { Place } from '../../config/probes/probe.js'

/** What the app has answered for the version of a key, so that a later answer can be compared with it. */
export interface Contents {
  /** Whether an earlier answer for the same version of the key had something else at that place. */
  isAltered(read: Pick<OperationRecord, 'key' | 'version'>, place: Place, answer: Answer): boolean
}

/** Of each key only its newest version is remembered. */
export function createContents(): Contents {
  const known = new Map<string, { version: number; content: string | null }>()
  return {
    isAltered: ({ key, version }, place, answer) => {
      if (version === null) return false
      const content = contentAt(place, answer)
      const before = known.get(key)
      if (before?.version === version) return before.content !== content
      if (version > (before?.version ?? 0)) known.set(key, { version, content })
      return false
    },
  }
}
