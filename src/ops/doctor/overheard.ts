import { connect } from 'node:net'

const LONGEST_MS = 500
const LONGEST_CHARACTERS = 200

/**
 * What a server says to a new connection before it cuts it, such as `ERR max number of clients reached`; null when it
 * says nothing. A client that talks first loses these words with the connection.
 */
export function overheard(host: string, port: number): Promise<string | null> {
  const socket = connect({ host, port })
  let said = ''
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      socket.destroy()
      const [line = ''] = said.split('\r\n')
      resolve(line.startsWith('-') ? line.slice(1, LONGEST_CHARACTERS) : null)
    }
    const timer = setTimeout(settle, LONGEST_MS)
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
      if (said.includes('\r\n') || said.length > LONGEST_CHARACTERS) settle()
    })
    socket.on('error', settle)
    socket.on('end', settle)
  })
}
