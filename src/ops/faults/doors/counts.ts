import type { DoorCounts } from './door.js'

export function noCounts(): DoorCounts {
  return {
    connectionsAccepted: 0,
    connectionsCut: 0,
    connectionsReset: 0,
    connectsRefused: 0,
    connectsNotRefused: 0,
    timesClosed: 0,
    connectionsHeld: 0,
    bytesHeldToServer: 0,
    bytesHeldToClient: 0,
    bytesDelayedToServer: 0,
    bytesDelayedToClient: 0,
    bytesToServer: 0,
    bytesToClient: 0,
    commandsAnswered: 0,
    commandsReplaced: 0,
    repliesChanged: 0,
    repliesCut: 0,
    requestsSeen: 0,
    requestsAnswered: 0,
    requestsHeld: 0,
    requestsSlowed: 0,
    handshakesRefused: 0,
    badCertificatesAccepted: 0,
  }
}
