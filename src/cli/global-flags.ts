import { Flags } from '@oclif/core'
import { COMMON_REPORTERS, type REPORTERS, type Reporter } from './outputs.js'

const helpGroup = 'GLOBAL'

/**
 * The flags that every command has, with one meaning everywhere.
 *
 * @param formats what `--reporter` and `--output` can write: `static override baseFlags = globalFlagsFor([…])`
 */
export function globalFlagsFor(formats: readonly Reporter[]) {
  return {
    json: Flags.boolean({ summary: 'Print one JSON document; same as --reporter json.', helpGroup }),
    reporter: Flags.option({
      // The type knows all formats, so that a command may offer more than its base.
      options: formats as typeof REPORTERS,
      summary: 'How stdout is written (default text).',
      helpGroup,
    })(),
    output: Flags.string({
      summary: 'Also write the result to a file; may be repeated.',
      helpValue: 'FORMAT=PATH',
      helpGroup,
      multiple: true,
      // Otherwise it swallows every word that follows.
      multipleNonGreedy: true,
    }),
    quiet: Flags.boolean({ char: 'q', summary: 'Print only the verdict and what failed.', helpGroup }),
    ascii: Flags.boolean({ summary: 'Print ASCII only.', helpGroup }),
    'no-color': Flags.boolean({ summary: 'Print without colours; so does NO_COLOR.', helpGroup }),
  }
}

export const globalFlags = globalFlagsFor(COMMON_REPORTERS)
