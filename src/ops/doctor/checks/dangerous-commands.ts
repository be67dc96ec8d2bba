import { OperatorError } from '../../../library/backends/operator-error.js'
import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import type { ServerCheck } from '../check.js'
import { keepsOthersOut } from '../exposure.js'

/** Asked about, never run. */
const DANGEROUS: Record<string, Command> = {
  FLUSHALL: ['FLUSHALL'],
  KEYS: ['KEYS', '*'],
  'CONFIG SET': ['CONFIG', 'SET', 'maxmemory', '0'],
  DEBUG: ['DEBUG', 'SLEEP', '0'],
  SHUTDOWN: ['SHUTDOWN'],
  REPLICAOF: ['REPLICAOF', 'NO', 'ONE'],
}

export const dangerousCommandsCheck: ServerCheck = {
  on: 'server',
  id: 'SEC-004',
  group: 'security',
  title: 'no dangerous commands',
  unit: 'commands',
  threshold: {
    warn: 1,
    fail: null,
    source:
      'Redis security doc and the ACL rule of redis/agent-skills; fails when FLUSHALL and CONFIG SET are among them; ok where nobody reaches the server from another machine',
  },
  deadlineMs: 5000,
  privileges: '+acl|whoami +acl|dryrun +acl|getuser +config|get',
  async run(client, _world, { warn }) {
    const allowed = await allowedOf(client)
    const value = allowed.length
    if (warn === null || value < warn) {
      return { status: 'ok', message: value === 0 ? 'none is allowed' : allowed.join(', '), value }
    }
    const both = allowed.includes('FLUSHALL') && allowed.includes('CONFIG SET')
    // Who may change the configuration may read it.
    if (both && (await keepsOthersOut(client))) {
      return {
        status: 'ok',
        message: `${allowed.join(', ')} may be run, but from this machine alone`,
        value,
      }
    }
    return {
      status: both ? 'FAIL' : 'warn',
      message: `this user may run ${allowed.join(', ')}: one mistake or one stolen password ends the cache for everybody`,
      value,
      remediation: {
        text: 'Give the application a user without them, and name it in REDIS_URL; keep this one for operators.',
        commands: [
          "redis-cli ACL SETUSER cache on '>PASSWORD' '~copilot:*' '~cache:doctor:*' +@all -@dangerous +info",
        ],
      },
    }
  },
}

async function allowedOf(client: OperatorClient): Promise<string[]> {
  const user = String(await client.send('ACL', 'WHOAMI'))
  const replies = await client.pipeline(
    Object.values(DANGEROUS).map((command): Command => ['ACL', 'DRYRUN', user, ...command]),
  )
  for (const reply of replies) {
    // One that was renamed away is not there for anybody.
    if (reply instanceof OperatorError && !/not found/i.test(reply.reply ?? '')) throw reply
  }
  return Object.keys(DANGEROUS).filter((_name, index) => replies[index] === 'OK')
}
