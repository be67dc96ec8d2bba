import type { Trial } from './trial.js'

/**
 * What a backend may be without. `storage`: what was set can be read, by other clients too · `expiry`: it goes after its
 * TTL · `scripts`: `eval` and `serverNow`, by which a cache keeps late and outdated writes out · `close`: it can be closed.
 */
export type ContractAspect = 'storage' | 'expiry' | 'scripts' | 'close'

/** One promise of the contract. */
export interface ContractCheck {
  /** What is promised, in words; no two are alike. */
  readonly name: string
  /** Why it does not apply to this backend; undefined where it does. Report it as skipped, never as passed. */
  readonly exempt: string | undefined
  /** Rejects, saying what was expected and what came, when the promise is broken or nothing happens for 10 s. */
  run(): Promise<void>
}

/** A promise before it is known whose. */
export interface Promised {
  name: string
  needs?: readonly ContractAspect[]
  prove(trial: Trial): Promise<void>
}
