import type { Interpreter } from './link.js'

/** Understands nothing, and passes everything as it is. */
export const plainBytes: Interpreter = {
  fromClient: (chunk) => [chunk],
  fromServer: (chunk) => ({ bytes: [chunk], cut: false }),
  obey: () => {},
  isFull: false,
}
