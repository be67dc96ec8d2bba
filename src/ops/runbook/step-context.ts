import type { ProcessGroups } from './process-group.js'

/** What a step runs in. */
export interface StepContext {
  groups: ProcessGroups
  /** Of the document, as messages name it. */
  path: string
  env: Record<string, string>
  /** `bin/run.js` of this very program, for `cache` blocks. */
  cli: string
  signal?: AbortSignal
  now(): number
}
