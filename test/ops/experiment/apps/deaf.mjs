import { connect } from 'node:net'
// Reads another variable than REDIS_URL, and so does not come to the door.
import { serve } from './http.mjs'
const address = process.env.CACHE_STORE_REDIS_URL

if (address) {
  const { hostname, port } = new URL(address)
  const socket = connect({ host: hostname, port })
  socket.on('error', () => {})
  setInterval(() => socket.write('PING\r\n'), 100).unref()
}

serve({ 'GET /health': () => ({ ok: true }), 'GET /session': () => ({ user: 'u1' }) })
