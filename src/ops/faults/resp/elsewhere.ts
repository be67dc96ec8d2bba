import { randomUUID } from 'node:crypto'
import type { Command } from './commands.js'
import { keyPositions } from './key-positions.js'
import type { Request } from './request-parser.js'
import { PASS, type Treatment } from './rule.js'

/** A key that nobody has. */
export const MISSING = `transparent-cache:nobody-has-this-key:${randomUUID()}`

/** The same question about keys that are not there; passes what does not ask for the value of a key. */
export function elsewhere(request: Request, command: Command): Treatment {
  // The only one that writes and hands out a value for changing its time to live alone.
  const reads = command.readonly || command.name === 'getex'
  if (!reads || !request.complete) return PASS
  const positions = new Set(keyPositions(request, command))
  if (positions.size === 0) return PASS
  return {
    kind: 'instead',
    words: request.words.map((word, at) => (positions.has(at) ? MISSING : word)),
  }
}
