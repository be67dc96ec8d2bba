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
    const mode = protectedMode ? 'protected mode' : 'no protected mode'
    if (where !== 'every address') return { status: 'ok', message: `${mode}, and on ${where}` }
    const isWithoutPassword = await isOpen(client)
    if (protectedMode && isWithoutPassword) {
      return {
        status: 'ok',
        message: 'on every address, in protected mode, which lets in this machine alone',
      }
    }
    const remediation = {
      text: 'Let it listen where the application is, and nowhere else; in a container, publish no port.',
      commands: ['redis-cli CONFIG SET protected-mode yes', 'redis-cli CONFIG GET bind'],
    }
    if (isWithoutPassword) {
      const message = 'it listens on every address, without protected mode and without a password'
      return { status: 'FAIL', message, remediation }
    }
    const how = protectedMode
      ? ', and protected mode does nothing where there is a password'
      : ' without protected mode'
    const message = `it listens on every address${how}: its password is the only lock`
    return { status: 'warn', message, remediation }
  },
}
