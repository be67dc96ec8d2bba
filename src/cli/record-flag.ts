import { Flags } from '@oclif/core'

export const recordFlag = {
  'no-record': Flags.boolean({ summary: 'Keep no record of this run for cache report.' }),
}
