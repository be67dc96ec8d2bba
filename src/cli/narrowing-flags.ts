import { Flags } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'

const flagsThat = (rules: { exclusive?: string[]; dependsOn?: string[] }) => ({
  only: Flags.string({
    summary: 'Commands of Redis that the fault touches, such as GET,SET (default: all that it would).',
    helpValue: 'COMMANDS',
    helpGroup: 'NARROWING',
    ...rules,
  }),
  family: Flags.string({
    summary: 'Keys that it touches: a family, or what they begin with, such as app:session:.',
    helpValue: 'NAME|PREFIX:',
    helpGroup: 'NARROWING',
    ...rules,
  }),
  probability: Flags.string({
    summary: 'Share of the commands or requests that it touches, such as 0.3 (default: all of them).',
    helpValue: 'SHARE',
    helpGroup: 'NARROWING',
    ...rules,
  }),
})

/** What says how much of all that it would touch a fault of a drill is to touch. */
export const narrowingFlags = flagsThat({ exclusive: ['scenario', 'url', 'server-fault'] })

/** The same of the fault of a load test. */
export const loadNarrowingFlags = flagsThat({ exclusive: ['url'] })

/** The same of the fault that is on from the start. */
export const proxyNarrowingFlags = flagsThat({ dependsOn: ['fault'] })

export interface NarrowingFlags {
  only?: string | undefined
  family?: string | undefined
  probability?: string | undefined
}

/**
 * As they were typed; whether there is such a thing is for the engine to say.
 *
 * @throws UsageError for a probability that is no number
 */
export function chosenIn({ only, family, probability }: NarrowingFlags) {
  return {
    only: only
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    family,
    probability: probability === undefined ? undefined : numberIn(probability),
  }
}

function numberIn(text: string): number {
  if (/^\d*\.?\d+$/.test(text)) return Number(text)
  throw new UsageError(
    'BAD_PROBABILITY',
    `--probability ${JSON.stringify(text.slice(0, 100))} is no number: it is a share above 0 and at most 1.`,
    ['--probability 0.3'],
  )
}
