import { connect } from 'node:net'

export interface AskOptions {
  host: string
  port: number
  password?: string | undefined
  /** The whole conversation, connecting included. */
  deadlineMs: number
}

/**
 * Sends commands to a Redis over a socket of its own and resolves to their replies as text, `-ERR …` included.
 *
 * Speaks just enough RESP2 for simple, bulk and integer replies; null becomes the empty string. Rejects when the
 * connection fails or ends first, or at the deadline.
 */
export function ask(options: AskOptions, ...commands: string[][]): Promise<string[]> {
  const { host, port, password, deadlineMs } = options
  const all = password === undefined ? commands : [['AUTH', password], ...commands]
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    let received = Buffer.alloc(0)
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer from ${host}:${port} within ${deadlineMs} ms`)),
      deadlineMs,
    )
    socket.on('connect', () => socket.write(all.map(encode).join('')))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const replies = decode(received)
      if (replies.length < all.length) return
      resolve(replies.slice(all.length - commands.length))
      socket.destroy()
    })
    socket.on('end', () => socket.destroy(new Error(`${host}:${port} hung up`)))
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      reject(new Error(`connection to ${host}:${port} closed`))
    })
  })
}

function encode(command: string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`
}

/** The complete replies in `bytes`. */
function decode(bytes: Buffer): string[] {
  const replies: string[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return replies
    const line = bytes.toString('utf8', at, lineEnd)
    at = lineEnd + 2
    if (!line.startsWith('$')) {
      replies.push(/^[+:]/.test(line) ? line.slice(1) : line)
      continue
    }
    const length = Number(line.slice(1))
    if (length === -1) {
      replies.push('')
      continue
    }
    if (bytes.length < at + length + 2) return replies
    replies.push(bytes.toString('utf8', at, at + length))
    at += length + 2
  }
}
