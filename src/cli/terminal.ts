import { createStyle, plainStyle, type Style } from './style.js'

/** What a text is rendered for: a terminal, a pipe or a file. */
export interface Terminal {
  /** Columns to stay within: the terminal's own, 80 elsewhere. */
  readonly width: number
  /** Only ASCII: no lines, dots or arrows from beyond it. */
  readonly ascii: boolean
  /** Only the verdict and what failed. */
  readonly quiet: boolean
  readonly style: Style
}

export interface TerminalOptions {
  colour: boolean
  ascii?: boolean
  quiet?: boolean
  columns?: number | undefined
}

/** A pipe or a file: 80 columns, no colours. */
export const plainTerminal: Terminal = { width: 80, ascii: false, quiet: false, style: plainStyle }

/** A terminal description; without `columns` it is 80 wide. Never narrower than 40. */
export async function createTerminal(options: TerminalOptions): Promise<Terminal> {
  return {
    width: Math.max(40, options.columns || 80),
    ascii: options.ascii ?? false,
    quiet: options.quiet ?? false,
    style: await createStyle(options.colour),
  }
}

/**
 * Whether a stream gets ASCII only: a dumb terminal, or one whose locale has no Unicode, would show blocks as question marks.
 * A pipe gets all, whatever terminal stands behind it.
 */
export function wantsAscii(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv, asciiFlag: boolean): boolean {
  if (asciiFlag) return true
  if (stream.isTTY !== true) return false
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  const isNarrow = /^(C|POSIX)$/.test(locale) || /\.(?!utf-?8)/i.test(locale)
  return env['TERM'] === 'dumb' || isNarrow
}
