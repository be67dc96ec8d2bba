/**
 * The end of the channel to the engine in a process that it has forked: calls `onMessage` for everything that comes. The process
 * ends when the engine does, in any way.
 */
export function openChannel<In, Out>(onMessage: (message: In) => void): { send(message: Out): void } {
  process.on('message', onMessage)
  // Ctrl-C and a closed terminal reach the whole process group; the engine decides when we end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
  process.on('disconnect', () => process.exit(0))
  return {
    send: (message) => {
      // Without the callback a channel that closes meanwhile raises an `error` on the process.
      process.send?.(message, undefined, undefined, () => undefined)
    },
  }
}
