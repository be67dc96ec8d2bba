import { parseArgs } from 'node:util'
import type { CorpusCase } from './case.js'

export interface CorpusOptions {
  cases: readonly CorpusCase[]
  /** How often every file is drilled. */
  repeat: number
  /** Decides the order, and the names under which files are drilled. */
  seed: number
  /** Drills at a time. */
  jobs: number
  /** How often more a file is drilled of which a drill could not tell. */
  again: number
  /** Show the cases, and drill none. */
  list: boolean
}

const GROUPS = { apps: 'app', modules: 'module' } as const

/** What the command line asks for; an error names the value, the reason and the way out. */
export function readOptions(
  words: readonly string[],
  all: readonly CorpusCase[],
): CorpusOptions | { error: string } {
  let values
  try {
    values = parseArgs({
      args: [...words],
      options: {
        case: { type: 'string', multiple: true, default: [] },
        group: { type: 'string' },
        repeat: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        jobs: { type: 'string', default: '1' },
        again: { type: 'string', default: '0' },
        list: { type: 'boolean', default: false },
      },
      strict: true,
    }).values
  } catch (error) {
    return { error: (error as Error).message }
  }
  const { group, case: ids } = values
  if (group !== undefined && !(group in GROUPS))
    return { error: `--group ${group}: there are ${Object.keys(GROUPS).join(' and ')}` }
  const unknown = ids.find((id) => !all.some((each) => each.id === id))
  if (unknown !== undefined)
    return {
      error: `--case ${unknown}: there is no such case; there are ${all.map(({ id }) => id).join(', ')}`,
    }
  const numbers = { repeat: [1, 100], seed: [0, 0xffffffff], jobs: [1, 8], again: [0, 5] } as const
  const given = { repeat: 1, seed: 1, jobs: 1, again: 0 }
  for (const [name, [min, max]] of Object.entries(numbers) as [keyof typeof numbers, [number, number]][]) {
    const text = values[name]
    const number = /^\d+$/.test(text) ? Number(text) : NaN
    if (!(number >= min && number <= max))
      return { error: `--${name} ${text}: give a whole number from ${min} to ${max}` }
    given[name] = number
  }
  const cases = all.filter(
    ({ id, kind }) =>
      (ids.length === 0 || ids.includes(id)) &&
      (group === undefined || kind === GROUPS[group as keyof typeof GROUPS]),
  )
  if (cases.length === 0) return { error: 'no case is of that --group and --case; leave one of them out' }
  return { cases, ...given, list: values.list }
}
