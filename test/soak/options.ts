import { parseArgs } from 'node:util'

export interface SoakOptions {
  seconds: number
  /** Decides the faults, their victims and their lengths, and what each process asks for. */
  seed: number
  json: boolean
}

export const MAX_SECONDS = 3600
const MIN_SECONDS = 5

/** What the command line asks for; an error names the value, the reason and the way out. */
export function readOptions(words: readonly string[]): SoakOptions | { error: string } {
  const options = {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    json: { type: 'boolean', default: false },
  } as const
  let values
  try {
    values = parseArgs({ args: [...words], options, strict: true }).values
  } catch (error) {
    return { error: (error as Error).message }
  }
  const seconds = wholeNumber(values.seconds, MIN_SECONDS, MAX_SECONDS)
  if (seconds === null)
    return { error: `--seconds ${values.seconds}: give a whole number from ${MIN_SECONDS} to ${MAX_SECONDS}` }
  const seed = wholeNumber(values.seed, 0, 0xffffffff)
  if (seed === null)
    return {
      error: `--seed ${values.seed}: give a whole number from 0 to ${0xffffffff}, such as a run printed`,
    }
  return { seconds, seed, json: values.json }
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  return number >= min && number <= max ? number : null
}
