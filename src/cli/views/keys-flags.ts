import { Flags } from '@oclif/core'

/** What all commands about keys take. */
export const keysFlags = {
  url: Flags.string({
    summary: 'Server to look at, without credentials (default: REDIS_URL).',
    helpValue: 'redis://HOST:PORT/DB',
  }),
}

export const gentleFlag = {
  gentle: Flags.boolean({
    summary: 'Small steps, and rest ten times as long as each took.',
  }),
}
