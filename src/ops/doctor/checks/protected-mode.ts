import type { ServerCheck } from '../check.js'
import { isOpen, listening } from '../exposure.js'

export const protectedModeCheck: ServerCheck = {
  on: 'server',
  id: 'SEC-003',
  group: 'security',
  title: 'not open to everybody',
  threshold: {
    warn: null,
    fail: null,
    source:
      'redis.conf and the Redis security doc: fails when it listens everywhere without protected mode and without a password; warns when the password is the only lock',
  },
  deadlineMs: 5000,
  privileges: '+config|get +acl|getuser',
  async run(client) {
    const place = await listening(client)
    if (place === null) return { status: 'skip', message: 'this service does not tell where it listens' }
    const { where, protectedMode } = place
    if (protectedMode) return { status: 'ok', message: `protected mode, on ${where}` }
    if (where !== 'every address') return { status: 'ok', message: `no protected mode, but on ${where}` }
    const remediation = {
      text: 'Let it listen where the application is, and nowhere else; in a container, publish no port.',
      commands: ['redis-cli CONFIG SET protected-mode yes', 'redis-cli CONFIG GET bind'],
    }
    if (await isOpen(client)) {
      const message = 'it listens on every address, without protected mode and without a password'
      return { status: 'FAIL', message, remediation }
    }
    const message = 'it listens on every address without protected mode: its password is the only lock'
    return { status: 'warn', message, remediation }
  },
}
