import type { ClauseId } from '../../src/ops/report/drill-report.js'

/** A mistake that people make, in an application that is otherwise well made, and the drill that has to find it. */
export interface CorpusCase {
  /** In kebab-case; no other case has it. */
  id: string
  /** Its number in the study of hazards, such as `H16`. */
  hazard: `H${number}`
  /** The mistake, in a few words. It stands here and not in the application, which must not give itself away. */
  title: string
  /** What must fail; others may. */
  clause: ClauseId
  /** Started and asked over HTTP, or imported with `--module`. */
  kind: 'app' | 'module'
  /** What an app is written with. */
  framework?: 'express' | 'fastify' | 'next-style' | 'node:http'
  /** As in `ioredis 6`. */
  client: string
  /** Paths below test/corpus/; several cases may share one sound twin. */
  sound: string
  defective: string
  drill: string
  /** Of an app: what it is asked. A path below test/corpus/. */
  probes?: string
  /** More flags of `cache simulate-outage`, the same for both. Of those of `PHASES`, these count. */
  flags?: readonly string[]
}

/** The shortest with which a verdict is sure: p99 wants 100 answers in each phase, C10 has 2 s. C8 has 5 s after the heal, which its case asks for. */
export const PHASES: Readonly<Record<CorpusCase['kind'], readonly string[]>> = {
  app: ['--before', '2s', '--during', '4s', '--after', '3s', '--rate', '60'],
  module: ['--before', '2s', '--during', '4s', '--after', '3s'],
}
