import type { ServerCheck } from '../check.js'
import { statusBelow } from '../status-of.js'

export const serverVersionCheck: ServerCheck = {
  on: 'server',
  id: 'VER-001',
  group: 'server',
  title: 'version of the server',
  unit: 'version',
  threshold: {
    warn: 7,
    fail: 6.2,
    source:
      'below 6.2 nobody mends it any more; 7.0 is ours (ACL selectors, latencystats, INFO of several sections)',
  },
  worse: 'below',
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const said = info.text('redis_version')
    const [, major, minor] = /^(\d+)\.(\d)/.exec(said ?? '') ?? []
    if (major === undefined)
      return { status: 'skip', message: 'INFO of this service does not tell its version' }
    const value = Number(`${major}.${minor}`)
    const valkey = info.text('valkey_version')
    const name = valkey === null ? `Redis ${said}` : `Valkey ${valkey}, as Redis ${said}`
    const status = statusBelow(value, threshold)
    if (status === 'ok') return { status, message: name, value }
    return {
      status,
      message: `${name} is old`,
      value,
      remediation: {
        text: 'Plan the upgrade; a cache may start empty, so a new server beside the old one will do.',
        commands: ['redis-cli INFO server'],
      },
    }
  },
}
