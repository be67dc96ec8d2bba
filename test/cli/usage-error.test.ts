import { expect, it } from 'vitest'
import { toUsageError } from '../../src/cli/usage-error.js'

it('a flag that is missing is named, with what it takes', () => {
  const parsed = Object.assign(
    new Error('The following error occurred:\n  Missing required flag to\nSee more help with --help'),
    {
      oclif: { exit: 2 },
    },
  )
  const invocation = {
    command: { id: 'proxy', args: {} },
    flags: { to: { name: 'to', options: ['redis', 'upstash'] } },
    config: {} as never,
  }
  expect(toUsageError(parsed, invocation)).toMatchObject({
    code: 'MISSING_FLAG',
    message: '--to is missing; it takes redis, upstash.',
    suggestions: ['--to redis'],
  })
})
