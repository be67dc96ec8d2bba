import type { ServerCheck } from '../check.js'

export const lastSaveCheck: ServerCheck = {
  on: 'server',
  id: 'PER-001',
  group: 'server',
  title: 'saving works',
  threshold: {
    warn: null,
    fail: null,
    source:
      'redis.conf: with stop-writes-on-bgsave-error and save points, writes are refused after a failed snapshot',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world) {
    const info = await world.info()
    const [snapshot, log] = [info.text('rdb_last_bgsave_status'), info.text('aof_last_write_status')]
    if (snapshot === null && log === null) {
      return { status: 'skip', message: 'INFO of this service does not tell how saving went' }
    }
    const failed = [
      ...(isBad(snapshot) ? ['the last snapshot failed'] : []),
      ...(isBad(log) ? ['the last write to the append-only file failed'] : []),
    ]
    if (failed.length === 0) {
      const never = info.number('rdb_last_bgsave_time_sec') === -1 && info.text('aof_enabled') !== '1'
      return {
        status: 'ok',
        message: never
          ? 'nothing failed, as nothing was saved since it was started'
          : 'the last snapshot and the last log write',
      }
    }
    return {
      status: 'FAIL',
      message: `${failed.join(', and ')}: until one works, a server that is told to save refuses writes (MISCONF)`,
      remediation: {
        text: 'Look for a full disk, a missing right or too little memory to fork, then save again. A pure cache need not save at all.',
        commands: ['redis-cli INFO persistence', 'redis-cli BGSAVE', "redis-cli CONFIG SET save ''"],
      },
    }
  },
}

function isBad(status: string | null): boolean {
  return status !== null && status !== 'ok'
}
