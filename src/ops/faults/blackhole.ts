import { counted, difference } from './difference.js'
import { ANY_PROTOCOL, type Fault } from './fault.js'

export const blackhole: Fault = {
  name: 'blackhole',
  summary:
    'Packets vanish: connects hang without being refused, and established connections freeze, as behind a firewall that drops.',
  protocols: ANY_PROTOCOL,
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'],
  away: ['stalled', 'unreachable'],
  apply: (door) => door.blackhole(),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, [
      'connectsHung',
      'connectsNotHung',
      'connectsWaiting',
      'bytesHeldToServer',
    ])
    const { connectsHung, connectsNotHung, connectsWaiting, bytesHeldToServer } = counts
    const probes = counted(connectsHung + connectsNotHung, 'connect')
    if (connectsNotHung > 0) {
      return {
        witnessed: false,
        evidence: `${connectsNotHung} of ${probes} of the door's own came to an end: this system answers or refuses a connect for which a port has no room, instead of dropping it`,
        counts,
      }
    }
    return {
      witnessed: connectsHung >= 1 && connectsWaiting + bytesHeldToServer >= 1,
      evidence: `${connectsHung} of ${probes} of the door's own hung; ${connectsWaiting} of others seen waiting; ${counted(bytesHeldToServer, 'byte')} to the server withheld until the heal`,
      counts,
    }
  },
}
