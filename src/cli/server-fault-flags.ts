import { Flags } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'

/** What lets the clients of a server wait that is not ours. */
export const serverFaultFlags = {
  'server-fault': Flags.option({
    options: ['pause', 'pause-writes'] as const,
    summary: 'CLIENT PAUSE on your own server: all its clients wait, for 30s at most.',
    helpGroup: 'SERVER',
    exclusive: [
      'drill',
      'suite',
      'scenario',
      'backend',
      'url',
      'ready',
      'probe',
      'probes',
      'redis-variable',
      'with',
      'own-servers',
      'only',
      'family',
      'probability',
    ],
  })(),
  server: Flags.string({
    summary: 'That server, without credentials (default: REDIS_URL).',
    helpValue: 'redis://HOST:PORT/DB',
    helpGroup: 'SERVER',
    dependsOn: ['server-fault'],
  }),
}

/** @throws UsageError when there is an app to be started as well */
export function requireNoApp(command: readonly string[] | undefined): void {
  if (command === undefined) return
  throw new UsageError(
    'CONFLICTING_FLAGS',
    '--server-fault and a command behind -- contradict each other: an app is drilled on a server of our own.',
    ['leave one of them out', '--drill pause, for the same fault there'],
  )
}
