/** What a door counted since it was opened. Counters only grow; a witness subtracts two of these. */
export interface DoorCounts {
  /** Client connections that reached the door. */
  connectionsAccepted: number
  /** Established client connections that the door cut. */
  connectionsCut: number
  /** Connects to the closed port, made by the door itself, that were refused by the kernel. */
  connectsRefused: number
  /** Connects to the closed port, made by the door itself, that wrongly succeeded. */
  connectsNotRefused: number
  /** Client connections that were held, established or new, while the door was stalled. */
  connectionsHeld: number
  /** Bytes from client to server that were held back. */
  bytesHeldToServer: number
  /** Bytes from server to client that were held back. */
  bytesHeldToClient: number
  /** Bytes handed on, both ways, held ones included once delivered. */
  bytesToServer: number
  bytesToClient: number
}

/** A proxy between a client and Redis that can be made to fail as the network or the server would. */
export interface TcpDoor {
  readonly host: string
  readonly port: number
  counts(): DoorCounts
  /** Number of client connections that are open right now. */
  openConnections(): number
  /** Closes the port and cuts every connection: what a killed server looks like. The port is kept for `open`. */
  refuse(): Promise<void>
  /** Accepts, then neither reads on nor answers: what a hung server or a partition looks like. Nothing is dropped. */
  stall(): Promise<void>
  /** Lifts whatever was wrong. Held bytes are delivered in order, also those of clients that have gone. */
  open(): Promise<void>
  /** Cuts everything and frees the port for good. Idempotent. */
  close(): Promise<void>
}
