import type { ClientLibrary } from '../../client-options/time-to-fallback.js'
import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { parseInfo } from '../info.js'

export const clusterStateCheck: ServerCheck = {
  on: 'server',
  id: 'CLU-001',
  group: 'connectivity',
  title: 'state of the cluster',
  unit: 'slots failing',
  threshold: {
    warn: 0,
    fail: 0,
    source:
      'Redis mixins: a state that is not ok, and slots that fail; slots that perhaps fail are a warning; measured: the embedded library does not follow MOVED',
  },
  deadlineMs: 5000,
  privileges: '+info +cluster|info',
  async run(client, world) {
    const enabled = (await world.info()).text('cluster_enabled')
    if (enabled === null)
      return { status: 'skip', message: 'INFO of this service does not tell of a cluster' }
    if (enabled === '0') return { status: 'skip', message: 'it is no cluster' }
    return judgeCluster(String(await client.send('CLUSTER', 'INFO')), world.client?.library)
  },
}

/** @param reply of CLUSTER INFO; @param library of the client, as far as it is known */
export function judgeCluster(reply: string, library?: ClientLibrary): Finding {
  const info = parseInfo(reply)
  const state = info.text('cluster_state')
  const [failing, suspected] = [info.number('cluster_slots_fail'), info.number('cluster_slots_pfail')]
  if (state === null || failing === null || suspected === null) {
    return { status: 'skip', message: 'the cluster does not tell its state' }
  }
  const value = failing + suspected
  if (state !== 'ok' || failing > 0) {
    const message = `state ${state}, ${failing} slots fail, ${info.number('cluster_slots_assigned') ?? '?'} of 16384 are assigned`
    return { status: 'FAIL', message, value, remediation: MEND }
  }
  if (suspected > 0) {
    return { status: 'warn', message: `${suspected} slots are perhaps failing`, value, remediation: MEND }
  }
  const message = `state ok, ${info.number('cluster_known_nodes') ?? '?'} nodes`
  const primaries = info.number('cluster_size') ?? 1
  if (primaries <= 1) return { status: 'ok', message, value }
  const shared = `${message}; ${primaries} share the keys`
  if (library !== 'transparent-cache') {
    return {
      status: 'ok',
      message: `${shared}, and who is no client of the cluster gets those of one`,
      value,
    }
  }
  const lost = `${shared}, and transparent-cache only asks the one that REDIS_URL names: the others' keys are refused (MOVED)`
  return { status: 'FAIL', message: lost, value, remediation: ONE_ADDRESS }
}

const ONE_ADDRESS = {
  text: 'Give it a server that is no part of a cluster, or a proxy that speaks for all of it.',
}

const MEND = {
  text: 'See which node is missing and bring it, or a replica of it, back; slots without an owner need one.',
  commands: ['redis-cli CLUSTER NODES', 'redis-cli CLUSTER INFO'],
}
