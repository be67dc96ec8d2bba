import { z } from 'zod'
import { nearest } from '../report/nearest.js'
import { appVariables, isAppVariable } from './app-variables.js'
import { wholeNumber } from './fields.js'

const APP_VARIABLES = appVariables.map(({ name }) => name)

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'is not the name of a variable; the file holds no secret' })

/** A place that Redis runs in. Hosts that are in none of them count as production. */
export const environment = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1).describe('host or host:port of its Redis servers.'),
  production: z
    .boolean()
    .default(true)
    .describe('Whether what changes or breaks its servers wants the name of the environment typed.'),
  variables: z
    .record(z.string().min(1), variableName)
    .superRefine((variables, context) => {
      for (const name of Object.keys(variables).filter((each) => !isAppVariable(each))) {
        const meant = nearest(name, APP_VARIABLES)
        const instead = meant ? `did you mean ${meant}?` : `those are ${APP_VARIABLES.join(', ')}`
        context.addIssue({ code: 'custom', message: `${name} is no variable of the application; ${instead}` })
      }
    })
    .optional()
    .describe('Where its settings are: REDIS_URL: STAGING_REDIS_URL reads the URL from that variable.'),
})

/** A limiter, as an application declares it: the options of `createRateLimiter`. */
export const limiter = z.strictObject({
  limit: wholeNumber(1, 1_000_000_000).describe('Most that is allowed in any window.'),
  windowMs: wholeNumber(10, 31_536_000_000).describe('Length of the window in ms.'),
  onUnavailable: z
    .enum(['allow', 'deny'], { error: 'is neither allow nor deny' })
    .default('allow')
    .describe('What it does while its backend is away: allow (fail-open) or deny (fail-closed).'),
})

/** When a check warns and fails, in the unit of the check; what is left out stays as it is. */
export const threshold = z.strictObject({ warn: z.number().optional(), fail: z.number().optional() })
