import type { ServerCheck } from '../check.js'
import { settingIfTold, settingOf } from '../setting.js'

export const persistenceCheck: ServerCheck = {
  on: 'server',
  id: 'PER-003',
  group: 'server',
  title: 'what is saved',
  threshold: {
    warn: null,
    fail: null,
    source: 'Redis latency documentation: with appendfsync always each write waits for the disk',
  },
  deadlineMs: 5000,
  privileges: '+info +config|get',
  async run(client, world) {
    const logs = (await world.info()).text('aof_enabled')
    if (logs === null)
      return { status: 'skip', message: 'INFO of this service does not tell whether it saves' }
    if (logs === '0') {
      const points = await settingIfTold(client, 'save')
      if (points === null) return { status: 'ok', message: 'no append-only file' }
      const snapshots = points === '' ? 'nothing' : 'snapshots, which a pure cache does not need'
      return { status: 'ok', message: snapshots }
    }
    const syncs = await settingOf(client, 'appendfsync')
    if (syncs === null) return { status: 'skip', message: 'this service does not tell how it saves' }
    if (syncs !== 'always') {
      return { status: 'ok', message: `an append-only file (${syncs}), which a pure cache does not need` }
    }
    return {
      status: 'FAIL',
      message: 'appendfsync always: each write waits for the disk, for data that may be thrown away',
      remediation: {
        text: 'On a pure cache save nothing; where something must last, once a second is enough.',
        commands: ['redis-cli CONFIG SET appendonly no', 'redis-cli CONFIG SET appendfsync everysec'],
      },
    }
  },
}
