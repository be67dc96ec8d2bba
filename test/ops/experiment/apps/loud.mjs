import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
// Has a child, ignores SIGTERM, and prints as much as it is told, as fast as it is read.
import { serve } from './http.mjs'

const { hostname, port } = new URL(process.env.REDIS_URL)
connect({ host: hostname, port }).on('error', () => {})
const child = spawn('sleep', ['600'], { stdio: 'ignore' })
if (process.env.PIDS)
  writeFileSync(process.env.PIDS, JSON.stringify({ pids: [process.pid, child.pid], port }))

const chunk = `${'x'.repeat(1000)}\n`.repeat(1000)
let left = Number(process.env.PRINT_BYTES ?? 0)
const print = () => {
  if (left <= 0) return
  left -= chunk.length
  process.stdout.write(chunk, () => setImmediate(print))
}
print()

serve({ 'GET /health': () => ({ ok: true }), 'GET /session': () => ({ user: 'u1' }) })
process.removeAllListeners('SIGTERM')
process.on('SIGTERM', () => {})
