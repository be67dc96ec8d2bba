import type { FromHost, ToHost } from '../messages.js'

/** The host's end of the channel to the engine. */
export interface Parent {
  send(message: FromHost): void
  /** A read of the source of truth. */
  load(key: string): Promise<number>
  /** A write to the source of truth; answers the new version. */
  commit(key: string): Promise<number>
}

/** Calls `onMessage` for everything but the source's answers. The process ends when the engine does, in any way. */
export function connectToParent(onMessage: (message: ToHost) => void): Parent {
  const waiting = new Map<number, (version: number) => void>()
  let lastId = 0

  const send = (message: FromHost) => {
    // Without the callback a channel that closes meanwhile raises an `error` on the process.
    process.send?.(message, undefined, undefined, () => undefined)
  }
  const ask = (type: 'load' | 'commit', key: string) =>
    new Promise<number>((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      send({ type, id: lastId, key })
    })

  process.on('message', (message: ToHost) => {
    if (message.type !== 'version') return onMessage(message)
    waiting.get(message.id)?.(message.version)
    waiting.delete(message.id)
  })
  // Ctrl-C and a closed terminal reach the whole process group; the engine decides when we end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
  process.on('disconnect', () => process.exit(0))

  return { send, load: (key) => ask('load', key), commit: (key) => ask('commit', key) }
}
