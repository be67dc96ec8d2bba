import { connect, type Socket } from 'node:net'

const MOST_CHARACTERS = 200

/** What a server does with a connection that was not introduced. */
export interface BareAnswer {
  /** Null: that is not known, because the wait was ended. */
  accepted: boolean | null
  /** The first line that it said, as it came; null when it said nothing. */
  said: string | null
}

/**
 * Asks PING on a plain connection, without a login and without TLS, once half of the time has passed: a server that hangs
 * still accepts, because its kernel does, and one that is not there does not; what answers here has its trouble with what
 * a client says first. A server that answers in time sees no such connection.
 *
 * @param settled ends the wait
 */
export function askBare(
  [host, port]: readonly [host: string, port: number],
  timeMs: number,
  settled: AbortSignal,
): Promise<BareAnswer> {
  let socket: Socket | undefined
  let accepted = false
  let said = ''
  return new Promise((resolve) => {
    const settle = (answer: BareAnswer) => {
      clearTimeout(timer)
      socket?.destroy()
      resolve(answer)
    }
    const asFar = () => {
      const [line = ''] = said.split('\n')
      settle({ accepted, said: line === '' ? null : line.trimEnd().slice(0, MOST_CHARACTERS) })
    }
    let timer = setTimeout(() => {
      timer = setTimeout(asFar, timeMs / 2)
      socket = connect({ host, port })
      socket.once('connect', () => {
        accepted = true
        socket?.write('PING\r\n')
      })
      socket.on('data', (chunk) => {
        said += chunk.toString('latin1')
        if (said.includes('\n') || said.length > MOST_CHARACTERS) asFar()
      })
      socket.once('error', asFar)
      socket.once('end', asFar)
    }, timeMs / 2)
    settled.addEventListener('abort', () => settle({ accepted: null, said: null }))
  })
}
