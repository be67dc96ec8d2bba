import { Flags } from '@oclif/core'

/** How a team that has findings begins: with those of changed code, or those that are not known yet. */
export const adoptionFlags = {
  baseline: Flags.string({
    summary: 'File of the findings that are known: they never fail.',
    helpValue: 'FILE',
  }),
  'update-baseline': Flags.boolean({
    summary: 'Write the findings of now into the baseline.',
    exclusive: ['changed', 'since'],
  }),
  changed: Flags.boolean({ summary: 'Report only changed code: since the default branch.' }),
  since: Flags.string({
    summary: 'Report only code that changed since a branch, tag or commit.',
    helpValue: 'REF',
  }),
  fix: Flags.boolean({
    summary: 'Mend what can be mended without a doubt, and report what is left.',
    exclusive: ['update-baseline', 'fix-dry-run'],
  }),
  'fix-dry-run': Flags.boolean({ summary: 'Print what --fix would change, and write nothing.' }),
  'max-warnings': Flags.string({ summary: 'More warnings than this fail too.', helpValue: 'N' }),
}
