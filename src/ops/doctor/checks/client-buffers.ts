import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

const KIB = 1024
const REPLICA_BYTES = 10 * 1024 ** 2

export const clientBuffersCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-007',
  group: 'memory',
  title: 'buffers of clients',
  unit: 'KiB per client',
  threshold: {
    warn: 200,
    fail: null,
    source: 'MEMORY DOCTOR: 200 KiB per client, and 10 MiB per replica, which warns too',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    const [clients, held] = [info.number('connected_clients'), info.number('mem_clients_normal')]
    if (held === null || !clients) {
      return { status: 'skip', message: 'INFO of this service does not tell what clients hold' }
    }
    const value = held / clients / KIB
    const replicas = info.number('connected_slaves') ?? 0
    const perReplica = replicas === 0 ? 0 : (info.number('mem_clients_slaves') ?? 0) / replicas
    const each = `${inWords.bytes(Math.round(held / clients))} per client`
    const message = replicas === 0 ? each : `${each}, ${inWords.bytes(Math.round(perReplica))} per replica`
    const judged = statusOf(value, threshold)
    if (judged !== 'ok') return { status: judged, message, value, remediation: SLOW_READERS }
    if (perReplica > REPLICA_BYTES) return { status: 'warn', message, value, remediation: SLOW_REPLICA }
    return { status: 'ok', message, value }
  },
}

const SLOW_READERS = {
  text: 'Somebody asks for much and reads slowly, or sends huge values: see who (omem, qbuf), and ask for less at once.',
  commands: ['redis-cli CLIENT LIST TYPE normal', 'redis-cli CONFIG GET client-output-buffer-limit'],
}

const SLOW_REPLICA = {
  text: 'A replica does not keep up: look at its lag (REP-002) and at the network between the two.',
  commands: ['redis-cli INFO replication', 'redis-cli CLIENT LIST TYPE replica'],
}
