import { seededRandom, shuffled } from '../../src/ops/experiment/random.js'
import { PHASES, type CorpusCase } from './case.js'

export type Truth = 'sound' | 'defective'

/** One drill of one file. */
export interface CorpusRun {
  kind: CorpusCase['kind']
  /** Paths below test/corpus/. */
  file: string
  probes?: string | undefined
  /** Of `cache simulate-outage`, without what depends on where the file is copied to. */
  flags: readonly string[]
  /** What the file is copied to: says nothing of what it is. */
  alias: string
}

/** What a drill of a file is told apart by: cases with the same sound file and flags have one run. */
export function runKey(each: CorpusCase, truth: Truth): string {
  return JSON.stringify([each[truth], each.probes, flagsOf(each)])
}

/** Every file of the cases once, in an order and under names that the seed decides. */
export function runsOf(cases: readonly CorpusCase[], seed: number): Map<string, CorpusRun> {
  const random = seededRandom(seed)
  const runs = new Map<string, Omit<CorpusRun, 'alias'>>()
  for (const each of cases) {
    for (const truth of ['sound', 'defective'] as const) {
      const { kind, probes } = each
      runs.set(runKey(each, truth), { kind, file: each[truth], probes, flags: flagsOf(each) })
    }
  }
  const alias = () => `app-${Math.floor(random() * 2 ** 32).toString(16)}`
  return new Map(shuffled([...runs], random).map(([key, run]) => [key, { ...run, alias: alias() }]))
}

function flagsOf({ kind, drill, flags = [] }: CorpusCase): string[] {
  const usual = PHASES[kind].flatMap((word, at, words) =>
    at % 2 === 0 && !flags.includes(word) ? [word, words[at + 1] ?? ''] : [],
  )
  return ['--drill', drill, ...usual, ...flags]
}
