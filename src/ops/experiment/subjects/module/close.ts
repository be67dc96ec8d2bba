import { hasMethods } from './methods.js'

const ENDINGS = ['disconnectAll', 'disconnect', 'close', 'quit', 'end'] as const

/** Ends its connections, if it has a way to; what has none ends with its process. */
export async function close(made: object): Promise<void> {
  const ending = ENDINGS.find((name) => hasMethods(made, name))
  if (ending) await (made as Record<string, () => unknown>)[ending]?.()
}
