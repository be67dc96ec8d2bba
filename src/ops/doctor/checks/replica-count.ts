import type { ServerCheck } from '../check.js'
import { statusBelow } from '../status-of.js'

export const replicaCountCheck: ServerCheck = {
  on: 'server',
  id: 'REP-003',
  group: 'server',
  title: 'no replica is missing',
  unit: 'replicas',
  worse: 'below',
  threshold: {
    warn: null,
    fail: null,
    source:
      'Redis mixins alert when one is lost; warns for fewer than in the baseline, or than the project declares',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const [role, value] = [info.text('role'), info.number('connected_slaves')]
    if (role === null || value === null) {
      return { status: 'skip', message: 'INFO of this service does not tell about replication' }
    }
    if (role !== 'master') return { status: 'skip', message: 'it is a replica itself (REP-001)' }
    const count = `${value === 0 ? 'no' : value} ${value === 1 ? 'replica is' : 'replicas are'} connected`
    const declared = statusBelow(value, threshold)
    if (declared !== 'ok') {
      const wanted = Math.max(threshold.warn ?? 0, threshold.fail ?? 0)
      return { status: declared, message: `${count}, of ${wanted} declared`, value, remediation: MISSING }
    }
    const then = world.valueThen('REP-003')
    if (then !== null && value < then) {
      return { status: 'warn', message: `${count}, of ${then} in the baseline`, value, remediation: MISSING }
    }
    if (value === 0 && threshold.warn === null && threshold.fail === null) {
      return { status: 'skip', message: 'it has no replicas, and none are declared', value }
    }
    return { status: 'ok', message: count, value }
  },
}

const MISSING = {
  text: 'See whether it is down or cannot reach its primary; with none left, a lost primary takes the cache with it.',
  commands: ['redis-cli INFO replication', 'redis-cli CLIENT LIST TYPE replica'],
}
