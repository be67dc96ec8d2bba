import type { FromHost, ToHost } from '../messages.js'
import { openChannel } from './channel.js'

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

  const { send } = openChannel<ToHost, FromHost>((message) => {
    if (message.type !== 'version') return onMessage(message)
    waiting.get(message.id)?.(message.version)
    waiting.delete(message.id)
  })
  const ask = (type: 'load' | 'commit', key: string) =>
    new Promise<number>((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      send({ type, id: lastId, key })
    })

  return { send, load: (key) => ask('load', key), commit: (key) => ask('commit', key) }
}
