import type { Fault } from '../faults/fault.js'
import { treats, type Narrowing } from '../faults/narrowing.js'
import { COMMANDS } from '../faults/resp/commands.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'

/** What a fault is to touch; nothing is chosen where a part is absent. */
export interface Chosen {
  /** Names of commands, in any case. */
  only?: readonly string[] | undefined
  /** Of a family, or what keys begin with. */
  family?: string | undefined
  /** Above 0 and at most 1. */
  probability?: number | undefined
}

export interface NarrowingContext {
  /** Decides the draws of a probability. */
  seed: number
  /** Whose keys a name stands for. Throws UsageError for one that stands for none. */
  familyOf?: ((name: string) => NonNullable<Narrowing['family']>) | undefined
  /** What is to be narrowed. */
  drills: readonly Fault[]
  /** What could be run instead. */
  known: readonly Fault[]
  /** How settings are spelt where these were chosen, with a value or without. */
  spell: (setting: keyof Chosen | 'drill', value?: string) => string
}

/** As flags of the command line. */
export const asFlags: NarrowingContext['spell'] = (setting, value) =>
  value === undefined ? `--${setting}` : `--${setting} ${value}`

/**
 * Null when nothing is chosen. Throws UsageError for a command, a family or a share that does not exist, and for a fault that
 * does not choose among commands.
 */
export async function narrowingFor(chosen: Chosen, context: NarrowingContext): Promise<Narrowing | null> {
  const { only, family: familyName, probability } = chosen
  const { seed, familyOf, spell } = context
  const settings = (['only', 'family', 'probability'] as const).filter((name) => chosen[name] !== undefined)
  const [first] = settings
  if (first === undefined) return null
  if (probability !== undefined && !(probability > 0 && probability <= 1)) {
    throw new UsageError(
      'BAD_PROBABILITY',
      `The probability ${probability} is no share: it is above 0 and at most 1.`,
      [spell('probability', '0.3')],
    )
  }
  const names = only?.map((text) => commandNamed(text, spell))
  if (names?.length === 0)
    throw new UsageError('NO_COMMANDS', `${spell('only')} names no command.`, [spell('only', 'GET,SET')])
  const family = familyName === undefined ? undefined : familyOf?.(familyName)
  for (const drill of context.drills) await requireNarrow(drill, first, context)
  return {
    seed,
    ...(names && { only: names }),
    ...(family && { family }),
    ...(probability !== undefined && { probability }),
  }
}

async function requireNarrow(
  drill: Fault,
  setting: keyof Chosen,
  { known, spell }: NarrowingContext,
): Promise<void> {
  const needed: readonly unknown[] = setting === 'probability' ? ['commands', 'requests'] : ['commands']
  const treated = await treats(drill)
  if (needed.includes(treated)) return
  const able: string[] = []
  for (const each of known) if (needed.includes(await treats(each))) able.push(each.name)
  const why =
    treated === 'requests'
      ? 'treats requests of HTTP, whose commands it does not read'
      : 'is of the connection or the server, and not of single commands'
  const others = able.length === 0 ? '' : ` It can narrow ${able.join(', ')}.`
  throw new UsageError(
    'CANNOT_NARROW',
    `The drill ${drill.name} ${why}: ${spell(setting)} cannot narrow it.${others}`,
    able.slice(0, 1).map((name) => spell('drill', name)),
  )
}

function commandNamed(text: string, spell: NarrowingContext['spell']): string {
  const name = text.trim().toLowerCase().replace(/\s+/, '|')
  if (COMMANDS.has(name)) return name
  const meant = nearest(name.slice(0, 100), COMMANDS.keys())
  throw new UsageError(
    'UNKNOWN_COMMAND',
    `There is no Redis command ${JSON.stringify(text.trim().slice(0, 100))}.`,
    [spell('only', meant === undefined ? 'GET,SET' : meant.replace('|', ' ').toUpperCase())],
  )
}
