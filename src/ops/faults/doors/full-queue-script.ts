/**
 * What the worker of a full queue runs: a port on which the kernel may complete two connections and no more, and nobody to
 * accept them. A string, because a bundle has no file for it.
 *
 * It makes both connections in the turn in which it begins to listen, so that no client's is among them, and then blocks:
 * an event loop that ran on would accept.
 */
export const FULL_QUEUE_SCRIPT = `
const { connect, createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const { host, port, released, patienceMs } = workerData
const giveUpMs = performance.now() + patienceMs
function occupy() {
  const server = createServer()
  server.once('error', (error) => {
    if (error.code === 'EADDRINUSE' && performance.now() < giveUpMs) setTimeout(occupy, 10)
    else parentPort.postMessage({ type: 'failed', why: error.code })
  })
  server.listen({ host, port, backlog: 1 }, () => {
    const own = [connect({ host, port }), connect({ host, port })]
    for (const socket of own) socket.on('error', () => {})
    process.nextTick(() => {
      parentPort.postMessage({ type: 'full' })
      Atomics.wait(released, 0, 0)
      server.close()
      for (const socket of own) socket.destroy()
      parentPort.postMessage({ type: 'closed' })
    })
  })
}
parentPort.once('message', occupy)
parentPort.postMessage({ type: 'ready' })
`
