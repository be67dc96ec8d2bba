/** Gets what ends what was opened; called last in, first out. */
export type Closing = (() => Promise<void>)[]
