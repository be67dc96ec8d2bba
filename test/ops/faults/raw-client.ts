import { connect, type Socket } from 'node:net'

/** A client that only knows bytes: what it received, and how its connection ended. */
export interface RawClient {
  socket: Socket
  received(): Buffer
  /** `open`, `ended` (the other side said so), or `closed`. */
  state(): 'open' | 'ended' | 'closed'
  write(bytes: string | Buffer): Promise<void>
  closed: Promise<void>
}

export async function rawClient(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, ...options })
  const chunks: Buffer[] = []
  let state: 'open' | 'ended' | 'closed' = 'open'
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('end', () => (state = 'ended'))
  const closed = new Promise<void>((resolve) =>
    socket.on('close', () => {
      state = 'closed'
      resolve()
    }),
  )
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  return {
    socket,
    received: () => Buffer.concat(chunks),
    state: () => state,
    write: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    closed,
  }
}

/** How a connect to `port` ends: `connected` or the error's code. */
export function connectOutcome(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => {
      socket.destroy()
      resolve('connected')
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}
