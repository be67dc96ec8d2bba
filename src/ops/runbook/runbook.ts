import type { Expectation } from './expectation.js'

/** Languages of the blocks that run. Every other block is prose. */
export const LANGUAGES = ['bash', 'sh', 'cache'] as const
export type Language = (typeof LANGUAGES)[number]

/** A variable of the caller's environment that a step may see. */
export interface DeclaredVariable {
  name: string
  /** Whether the step can do without it. */
  optional: boolean
  /** Stands in when the caller has none. */
  fallback?: string
}

/** A piece of a block whose output is looked at by itself: up to the next expectation, or one line of a `cache` block. */
export interface Command {
  /** Lines as they stand in the document. */
  text: string
  /** Document line of the first of them. */
  line: number
  /** What the output must be. Empty for the rest of a block without expectations. */
  expectations: Expectation[]
}

/** One fenced block that runs. */
export interface Step {
  name: string
  heading: string
  /** Document line of the opening fence. */
  line: number
  language: Language
  /** The block, with a line for each line of the document. */
  source: string
  commands: Command[]
  /** `expect=`: judged on all that the step printed. */
  expectations: Expectation[]
  /** For all attempts together. */
  timeoutMs: number
  /** How often a `cache` block may run while it cannot tell. */
  attempts: number
  /** Left to a person. */
  manual: boolean
  /** Runs at the end whatever happened. */
  cleanup: boolean
  env: DeclaredVariable[]
  /** Programs that must be on PATH. */
  requires: string[]
  /** The Markdown that says what to do if the step fails. */
  guidance: string
}

/** An addressable part of the document. */
export interface Section {
  heading: string
  /** As GitHub makes it: `Verify recovery` is `verify-recovery`. */
  anchor: string
  /** Its lines, subsections included: from, up to and without. */
  from: number
  to: number
}

export interface Runbook {
  title: string
  /** As the caller wrote it; messages begin with it. */
  path: string
  sections: Section[]
  steps: Step[]
  /** Languages of blocks that look like commands but do not run, such as `console`. */
  ignored: string[]
}
