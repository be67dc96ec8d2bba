import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { settingOf } from '../setting.js'
import { statusOf } from '../status-of.js'

export const clientRoomCheck: ServerCheck = {
  on: 'server',
  id: 'CLI-001',
  group: 'server',
  title: 'room for clients',
  unit: '% of maxclients',
  threshold: { warn: 80, fail: 90, source: '90 %: Redis mixins; 80 % is ours' },
  deadlineMs: 5000,
  privileges: '+info +config|get',
  async run(client, world, threshold) {
    const info = await world.info()
    const connected = info.number('connected_clients')
    const limit = info.number('maxclients') ?? Number(await settingOf(client, 'maxclients'))
    if (connected === null || !(limit > 0)) {
      return { status: 'skip', message: 'this service does not tell its clients and how many may come' }
    }
    const value = (connected / limit) * 100
    const message = `${connected} of ${limit} (${inWords.percent(value / 100)})`
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message, value }
    return {
      status,
      message: `${message}; who comes when it is full is turned away`,
      value,
      remediation: {
        text: 'Look for who opens a connection per request, and for old processes; then allow more.',
        commands: ['redis-cli CLIENT LIST', 'redis-cli CONFIG SET maxclients 10000'],
      },
    }
  },
}
