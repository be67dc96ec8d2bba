import type { ServerCheck } from '../check.js'

export const blockedClientsCheck: ServerCheck = {
  on: 'server',
  id: 'CLI-003',
  group: 'server',
  title: 'nobody waits blocked',
  unit: 's',
  threshold: { warn: 30, fail: null, source: 'redis/agent-skills: sustained; 30 s is ours' },
  deadlineMs: 5000,
  privileges: '+info +client|list',
  async run(client, world, { warn }) {
    const blocked = (await world.info()).number('blocked_clients')
    if (blocked === null)
      return { status: 'skip', message: 'INFO of this service does not tell who is blocked' }
    if (blocked === 0) return { status: 'ok', message: 'no client is blocked', value: 0 }
    const waits = waitsOf(String(await client.send('CLIENT', 'LIST')))
    const value = Math.max(0, ...waits)
    const message = `${waits.length} blocked, the longest for ${value} s`
    if (warn === null || value <= warn) return { status: 'ok', message, value }
    return {
      status: 'warn',
      message: `${message}: somebody uses this cache as a queue`,
      value,
      remediation: {
        text: 'A queue must not be evicted and a cache must be: give it a server of its own.',
        commands: ['redis-cli CLIENT LIST'],
      },
    }
  },
}

/** Of those that are blocked, the seconds since they asked. */
function waitsOf(list: string): number[] {
  return list
    .split('\n')
    .filter((line) => /\bflags=\w*b/.test(line))
    .map((line) => Number(/\bidle=(\d+)/.exec(line)?.[1] ?? 0))
}
