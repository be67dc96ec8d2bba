import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { isOpen, isThisMachine, listening } from '../exposure.js'
import type { World } from '../world.js'

export const passwordCheck: ServerCheck = {
  on: 'server',
  id: 'SEC-002',
  group: 'security',
  title: 'a password is needed',
  threshold: {
    warn: null,
    fail: null,
    source:
      'Redis security doc, and RedisInsight, which flags nopass: fails without a password where others reach it',
  },
  deadlineMs: 5000,
  privileges: '+acl|whoami +acl|getuser +config|get',
  async run(client, world) {
    const { host, withPassword } = addressOf(world)
    if (!withPassword && !isThisMachine(host)) return open('we came in over the network')
    if (await isOpen(client)) {
      const place = await listening(client)
      if (place === null)
        return { status: 'skip', message: 'no password, and it does not tell where it listens' }
      if (place.where === 'this machine') {
        return { status: 'ok', message: 'no password, but it listens on this machine alone' }
      }
      if (!place.protectedMode) return open(`it listens on ${place.where}`)
      return { status: 'ok', message: 'no password, but protected mode lets only this machine in' }
    }
    const user = await client.send('ACL', 'WHOAMI')
    if (user !== 'default') return { status: 'ok', message: 'a user of its own, with a password' }
    if ((await listening(client))?.where === 'this machine') {
      return { status: 'ok', message: 'a password, and it listens on this machine alone' }
    }
    return {
      status: 'warn',
      message: 'a password, but it is that of the default user: whoever shares the server shares every right',
      remediation: {
        text: 'Give the application a user of its own, with the keys and commands that it needs.',
        commands: [
          "redis-cli ACL SETUSER cache on '>PASSWORD' '~copilot:*' '~cache:doctor:*' +@all -@dangerous +info",
        ],
      },
    }
  },
}

function addressOf({ cache: { backend } }: World): { host: string; withPassword: boolean } {
  if (backend?.backend !== 'redis') throw new Error('asked for a Redis server where none is configured')
  const { hostname, password, username } = new URL(backend.url)
  return {
    host: hostname.replace(/^\[|\]$/g, '') || 'localhost',
    withPassword: backend.password !== undefined || password !== '' || username !== '',
  }
}

function open(how: string): Finding {
  return {
    status: 'FAIL',
    message: `no password is needed, and ${how}: whoever gets there reads, changes and deletes everything`,
    remediation: {
      text: 'Set a password, and give it to the application first (REDIS_PASSWORD).',
      commands: ['redis-cli ACL SETUSER default resetpass ">PASSWORD"'],
    },
  }
}
