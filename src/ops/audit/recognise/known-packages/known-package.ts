/** What a thing is to the rules. */
export type Kind =
  /** A connection to a key-value service. */
  | 'client'
  /** Get and set over a client. */
  | 'cache'
  | 'limiter'
  /** What a session or limiter middleware keeps its state in. */
  | 'store'
  /** State of this process. */
  | 'memory'
  /** A job queue over a client: not a cache, whatever it is made of. */
  | 'queue'

export interface KnownPackage {
  names: string[]
  /** Declarations that stand for the package, which need not be installed; members that we do not judge are `any`. */
  declarations: string
  /** What its classes and interfaces are, by the name in `declarations`. */
  kinds: Record<string, Kind>
  /** Its caches and limiters log, count and answer when the backend fails, and reject nothing. */
  answersAlways?: true
  /** Middleware factories that keep counters in the process unless this option is given. */
  middleware?: {
    exports: string[]
    storeOption: string
    /** Lets requests pass when the store fails; off unless it is given. */
    passOption?: string
  }
}

/** Members that we do not judge. */
export const anything = '[member: string]: any;'
/** What the clients of all families have in common. */
export const commands =
  'get(...args: any[]): Promise<string | null>; set(...args: any[]): Promise<any>; del(...args: any[]): Promise<number>; on(...args: any[]): this;'

export const classOf = (name: string, members = '') =>
  `export class ${name} { constructor(...args: any[]); ${members} ${anything} }`
