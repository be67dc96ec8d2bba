import type { ServerCheck } from '../check.js'
import type { Info } from '../info.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

export const replicationCheck: ServerCheck = {
  on: 'server',
  id: 'REP-002',
  group: 'server',
  title: 'replication',
  unit: 's behind',
  threshold: {
    warn: 1,
    fail: 10,
    source:
      'Redis mixins: a link that is down is critical; the seconds are ours (a replica reports once a second)',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const role = info.text('role')
    if (role === null)
      return { status: 'skip', message: 'INFO of this service does not tell about replication' }
    if (role !== 'master') return linkOf(info)
    const replicas = replicasOf(info)
    if (replicas.length === 0) return { status: 'skip', message: 'it has no replicas' }
    const value = Math.max(...replicas.map(({ lag }) => lag))
    const online = replicas.filter((replica) => replica.online).length
    const message = `${online} of ${replicas.length} replicas are online, the slowest reported ${value} s ago`
    const judged = statusOf(value, threshold)
    const status = judged === 'ok' && online < replicas.length ? 'warn' : judged
    return { status, message, value, ...(status !== 'ok' && { remediation: BEHIND }) }
  },
}

/** A replica does not know how far it is behind; only its primary does. */
function linkOf(info: Info): Awaited<ReturnType<ServerCheck['run']>> {
  if (info.text('master_link_status') === 'up')
    return { status: 'ok', message: 'the link to its primary is up' }
  const down = info.number('master_link_down_since_seconds')
  const since = down === null || down < 0 ? '' : ` for ${inWords.time(down * 1000)}`
  return {
    status: 'FAIL',
    message: `the link to its primary is down${since}: reads are of the past`,
    remediation: BEHIND,
  }
}

function replicasOf(info: Info): { lag: number; online: boolean }[] {
  return Array.from({ length: info.number('connected_slaves') ?? 0 }, (_, index) => {
    const line = info.text(`slave${index}`) ?? ''
    return { lag: Number(/\blag=(\d+)/.exec(line)?.[1] ?? 0), online: line.includes('state=online') }
  })
}

const BEHIND = {
  text: 'Look at the network between them, at the log of the replica, and whether its buffer on the primary is too small.',
  commands: ['redis-cli INFO replication', 'redis-cli CONFIG GET client-output-buffer-limit'],
}
