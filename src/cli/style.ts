import type { ChalkInstance } from 'chalk'

/** The words that carry a result. Colour only decorates them. */
export type ResultWord = 'ok' | 'warn' | 'FAIL' | 'skip'

/** Text decoration for one stream; every function returns its text unchanged where colour is off. */
export interface Style {
  readonly colour: boolean
  /** The word itself, padded to four columns, so that what follows is aligned. */
  word(word: ResultWord): string
  good(text: string): string
  bad(text: string): string
  caution(text: string): string
  dim(text: string): string
  bold(text: string): string
}

/** Whether a stream gets colours: each is asked for itself, so a piped stdout stays plain beside a stderr on a terminal. */
export function wantsColour(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv,
  noColourFlag: boolean,
): boolean {
  if (noColourFlag || env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR'] ?? env['CLICOLOR_FORCE']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

function plain(text: string): string {
  return text
}

/** The style of a stream without colours. */
export const plainStyle: Style = styleOf(false, {
  good: plain,
  bad: plain,
  caution: plain,
  dim: plain,
  bold: plain,
})

/** Loads chalk only when there is something to colour. */
export async function createStyle(colour: boolean): Promise<Style> {
  if (!colour) return plainStyle
  const { Chalk } = await import('chalk')
  // Sixteen colours are those that the reader chose for the terminal.
  const chalk: ChalkInstance = new Chalk({ level: 1 })
  return styleOf(true, {
    good: chalk.green,
    bad: chalk.red.bold,
    caution: chalk.yellow,
    dim: chalk.dim,
    bold: chalk.bold,
  })
}

function styleOf(colour: boolean, paint: Omit<Style, 'word' | 'colour'>): Style {
  const paints = { ok: paint.good, warn: paint.caution, FAIL: paint.bad, skip: paint.dim }
  return { ...paint, colour, word: (word) => paints[word](word.padEnd(4)) }
}
