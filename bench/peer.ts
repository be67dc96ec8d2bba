import { createRequire } from 'node:module'

const require = createRequire(`${process.cwd()}/bench/peers/package.json`)

/** A package of bench/peers, which scripts/bench.js has installed. */
export const peer = <T>(name: string): T => require(name) as T
