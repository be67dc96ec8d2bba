import type { FromProcess, ToProcess } from '../messages.js'

export interface Parent {
  send(message: FromProcess): void
  /** The source's answer is acted upon before anything else that arrives: see the order of answers in source.ts. */
  ask(what: 'load' | 'commit', key: string, then: (version: number) => void): void
}

/** The process ends when the parent does, in any way. */
export function connectToParent(onMessage: (message: ToProcess) => void): Parent {
  const waiting = new Map<number, (version: number) => void>()
  let lastId = 0
  const send = (message: FromProcess) => void process.send?.(message, undefined, undefined, () => undefined)

  process.on('message', (message: ToProcess) => {
    if (message.type !== 'version') return onMessage(message)
    waiting.get(message.id)?.(message.version)
    waiting.delete(message.id)
  })
  // Ctrl-C reaches the whole process group; the parent decides when we end.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  process.on('disconnect', () => process.exit(0))

  return {
    send,
    ask(type, key, then) {
      lastId++
      waiting.set(lastId, then)
      send({ type, id: lastId, key })
    },
  }
}
