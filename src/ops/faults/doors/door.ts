import type { Rule } from '../resp/rule.js'
import type { RestRule } from '../rest/rule.js'
import type { Introduction } from './introductions.js'

/** What is spoken through a door: Redis' own protocol, the REST API of Upstash, or that of Supabase, which is PostgREST. */
export type Protocol = 'resp' | 'rest' | 'postgrest'

/** What a door counted since it was opened. Counters only grow; a witness subtracts two of these. */
export interface DoorCounts {
  /** Client connections that reached the door. */
  connectionsAccepted: number
  /** Established client connections that the door cut. */
  connectionsCut: number
  /** Client connections, established or new, that the door reset. */
  connectionsReset: number
  /** New client connections that were told why they may not stay. */
  connectionsTurnedAway: number
  /** Connects to the closed port, made by the door itself, that were refused by the kernel. */
  connectsRefused: number
  /** Connects to the closed port, made by the door itself, that wrongly succeeded. */
  connectsNotRefused: number
  /** Times the port was closed. */
  timesClosed: number
  /** Connects to the port, made by the door itself while it should swallow them, that nobody answered. */
  connectsHung: number
  /** Of these, answered or refused all the same. */
  connectsNotHung: number
  /** Connects of others that were seen waiting for an answer, where the system tells. */
  connectsWaiting: number
  /** Client connections that the door took for lost: nothing of theirs ever arrives any more. */
  connectionsLost: number
  /** Of these, ended by the door when the client was to hear of it. */
  connectionsEndedLate: number
  /** Bytes that a client, or a server, sent on a connection that was lost. */
  bytesLostToServer: number
  bytesLostToClient: number
  /** Client connections that were held, established or new, while the door was stalled. */
  connectionsHeld: number
  /** Bytes from client to server that were held back. */
  bytesHeldToServer: number
  /** Bytes from server to client that were held back. */
  bytesHeldToClient: number
  /** Bytes that were handed on late. */
  bytesDelayedToServer: number
  bytesDelayedToClient: number
  /** Bytes handed on, both ways, held ones included once delivered. */
  bytesToServer: number
  bytesToClient: number
  /** Commands that clients sent and that the door understood, whatever became of them. What a stall holds back counts at the heal. */
  commandsSeen: number
  /** Of these, those that take keys, scripts included, and are not about the connection or the server as `PING`, `TIME` and `INFO` are. */
  commandsAboutData: number
  /** Commands that were answered in the server's place. */
  commandsAnswered: number
  /** Commands in whose place the server got another one. */
  commandsReplaced: number
  /** Replies that reached the client changed. */
  repliesChanged: number
  /** Commands that the server got besides the client's, and carried out. */
  commandsAdded: number
  /** Commands that were left alone because a fault was narrowed to others. */
  commandsSpared: number
  /** Replies that came in the place of another one. */
  repliesSwapped: number
  /** Replies of which the client got a part, and then the end of its connection. */
  repliesCut: number
  /** Established connections that the server ended, with their client still there. */
  connectionsEnded: number
  /** Replies of the server itself that are an error of this kind. */
  repliesOom: number
  repliesReadonly: number
  repliesNoscript: number
  /** HTTP requests that reached the door whole. */
  requestsSeen: number
  /** Of these, answered in the service's place. */
  requestsAnswered: number
  /** Of these, kept from the service until the heal. */
  requestsHeld: number
  /** Of these, answered by the service, but late and bit by bit. */
  requestsSlowed: number
  /** TLS connections that clients gave up, or broke off, when they were shown a certificate that is not good. */
  handshakesRefused: number
  /** Those that clients went on to use all the same. */
  badCertificatesAccepted: number
  /** Times that somebody who asked for the name of the door was told its address. */
  lookupsAnswered: number
  /** Times that he was told none. */
  lookupsFailed: number
  /** HTTP requests that were left alone because a fault was narrowed to others. */
  requestsSpared: number
}

export interface DripPace {
  /** Most that arrives at once. */
  bytes: number
  everyMs: number
}

/**
 * A proxy between a client and its backend that can be made to fail as the network would.
 *
 * It is in one state at a time: each of these replaces the one before.
 */
export interface Door {
  readonly protocol: Protocol
  readonly host: string
  readonly port: number
  counts(): DoorCounts
  /** Number of client connections that are open right now. */
  openConnections(): number
  /** Who its clients say that they are, as far as what they say is understood. */
  introductions(): Introduction[]
  /** Closes the port and cuts every connection: what a killed server looks like. The port is kept for `open`. */
  refuse(): Promise<void>
  /** Accepts, then neither reads on nor answers: what a hung server or a partition looks like. Nothing is dropped. */
  stall(): Promise<void>
  /** Resets every connection, and every new one as soon as it is accepted: what a broken load balancer looks like. */
  reset(): Promise<void>
  /** Refuses for `closedMs`, is open for `openMs`, and so on. */
  flap(cycle: { closedMs: number; openMs: number }): Promise<void>
  /** Hands everything on late, in order, each way by a delay of its own, drawn for every chunk. */
  delay(delayMs: () => number): Promise<void>
  /** Hands on a few bytes at a time, in order, each way of each connection: a path with hardly any bandwidth. */
  drip(pace: DripPace): Promise<void>
  /**
   * Connects are neither answered nor refused, and established connections freeze as in `stall`: what it looks like when
   * packets vanish. Where the kernel does not play along, `connectsNotHung` says so.
   */
  blackhole(): Promise<void>
  /**
   * Loses every connection that is established, for good, and lets new ones through: what a NAT does that has forgotten
   * them. They are reset by what comes next, also by `open`.
   */
  forget(): Promise<void>
  /** Ends every connection, established or new, at the server's side; the client hears of it `afterMs` later. */
  endLate(afterMs: number): Promise<void>
  /** Lifts whatever was wrong. Held bytes are delivered in order, also those of clients that have gone. */
  open(): Promise<void>
  /** Cuts everything and frees the port for good. Idempotent. */
  close(): Promise<void>
}

/**
 * A door to Redis. It understands RESP2 and RESP3 well enough to treat single commands; what it does not understand passes
 * unchanged.
 */
export interface TcpDoor extends Door {
  readonly protocol: 'resp'
  /**
   * Treats every command that begins from now on as the rule says.
   * @param options.endsOpen the connections that are open now end, as when a server was restarted with other settings
   */
  interfere(rule: Rule, options?: { endsOpen: true }): Promise<void>
  /** Cuts every connection; new ones are accepted, get this line, CRLF included, and end. */
  turnAway(line: string): Promise<void>
}

/** A door to a REST API. */
export interface RestDoor extends Door {
  readonly protocol: 'rest' | 'postgrest'
  /** Treats every request that is complete from now on as the rule says, and those that are held. */
  interfere(rule: RestRule): Promise<void>
}

/** A door that speaks TLS with a certificate of its own. */
export interface TlsDoor extends Door {
  /** Ends every connection, and shows new ones a certificate that is not good. The port stays open. */
  show(certificate: 'expired' | 'wrong-host'): Promise<void>
}

/** A door that is found by a name, for which a name server of ours answers. */
export interface NamedDoor extends Door {
  readonly name: string
  /** Where it is asked for, by UDP. */
  readonly resolver: { host: string; port: number }
  /** The name does not resolve any more, and who has the address finds nobody there. */
  loseName(): Promise<void>
}
