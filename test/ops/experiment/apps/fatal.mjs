import { connect } from 'node:net'
// Dies of its Redis, or before that, after as many answers as it is told.
import { serve } from './http.mjs'

const { hostname, port } = new URL(process.env.REDIS_URL)
connect({ host: hostname, port }).on('close', () => {
  console.error('Error: lost Redis, giving up')
  process.exit(7)
})
let left = Number(process.env.DIE_AFTER ?? Infinity)

serve({
  'GET /health': () => ({ ok: true }),
  'GET /session': () => {
    if (--left > 0) return { user: 'u1' }
    console.error('\u001b[31mpanic: out of luck\u001b[0m')
    process.exit(9)
  },
})
