import type { Fault } from '../faults/fault.js'
import { treats, type Narrowing } from '../faults/narrowing.js'
import { COMMANDS } from '../faults/resp/commands.js'
import type { OutageReport } from '../report/drill-report.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'

/** What a fault is to touch; nothing is chosen where a part is absent. */
export interface Chosen {
  /** Names of commands, in any case. */
  only?: readonly string[] | undefined
  family?: Narrowing['family'] | undefined
  /** Above 0 and at most 1. */
  probability?: number | undefined
}

/**
 * Null when nothing is chosen. Throws UsageError for a command or a share that does not exist, and for a fault that does not
 * choose among commands.
 *
 * @param drills what is to be narrowed · @param known what could be run instead
 */
export async function narrowingFor(
  { only, family, probability }: Chosen,
  seed: number,
  drills: readonly Fault[],
  known: readonly Fault[],
): Promise<Narrowing | null> {
  if (only === undefined && family === undefined && probability === undefined) return null
  if (probability !== undefined && !(probability > 0 && probability <= 1)) {
    throw new UsageError(
      'BAD_PROBABILITY',
      `The probability ${probability} is no share of the commands: it is above 0 and at most 1.`,
      ['--probability 0.3'],
    )
  }
  const names = only?.map(commandNamed)
  const flag = names ? '--only' : family ? '--family' : '--probability'
  const needed: readonly unknown[] = flag === '--probability' ? ['commands', 'requests'] : ['commands']
  for (const drill of drills) {
    const treated = await treats(drill)
    if (needed.includes(treated)) continue
    const able: string[] = []
    for (const each of known) if (needed.includes(await treats(each))) able.push(each.name)
    const why =
      treated === 'requests'
        ? 'treats requests of HTTP, whose commands it does not read'
        : 'is of the connection or the server, and not of single commands'
    throw new UsageError(
      'CANNOT_NARROW',
      `The drill ${drill.name} ${why}: ${flag} cannot narrow it. It can narrow ${able.join(', ')}.`,
      able.slice(0, 1).map((name) => `--drill ${name}`),
    )
  }
  return {
    seed,
    ...(names && { only: names }),
    ...(family && { family }),
    ...(probability !== undefined && { probability }),
  }
}

/** For the report. */
export function narrowingIn({ only, family, probability }: Narrowing): OutageReport['narrowing'] {
  return {
    ...(only && { only: only.map((name) => name.replace('|', ' ').toUpperCase()) }),
    ...(family && { family: family.name }),
    ...(probability !== undefined && { probability }),
  }
}

function commandNamed(text: string): string {
  const name = text.trim().toLowerCase().replace(/\s+/, '|')
  if (COMMANDS.has(name)) return name
  const meant = nearest(name, COMMANDS.keys())
  throw new UsageError(
    'UNKNOWN_COMMAND',
    `There is no Redis command ${JSON.stringify(text.slice(0, 100))}.`,
    meant === undefined ? ['--only GET,SET'] : [`--only ${meant.replace('|', ' ').toUpperCase()}`],
  )
}
