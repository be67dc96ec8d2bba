import { Flags } from '@oclif/core'
import { NO_ALLOWANCE, parseAllowance, type Allowed } from '../ops/config/allowance.js'

/** A flag that takes `1.3x,5ms`. */
export const allowanceFlag = Flags.custom<Allowed>({
  helpValue: 'FACTOR,TIME',
  parse: (text) => {
    const allowed = parseAllowance(text)
    if (allowed) return Promise.resolve(allowed)
    throw new Error(`'${text.slice(0, 100)}' ${NO_ALLOWANCE}`)
  },
})
