import { keySlot } from '../../../library/families/key-slot.js'
import { guardScript } from './guard-script.js'
import { keysOf, takesKeys } from './key-positions.js'
import { scriptCache, treatScript } from './refuse-writes.js'
import { PASS, type Rule, type Treatment } from './rule.js'

const answer = (error: string): Treatment => ({ kind: 'answer', line: `-${error}\r\n` })
const crossSlot = answer("CROSSSLOT Keys in request don't hash to the same slot")

/** How a node of a cluster refuses what is about keys. */
export interface ClusterRefusal {
  /** The error, without `-` and CRLF. */
  errorFor: (slot: number) => string
  /** What a script hears that was called without keys, and asks for one. */
  inScript: string
}

/** The rule of a node of a cluster that serves no key. */
export function refuseKeys({ errorFor, inScript }: ClusterRefusal): Rule {
  const guarded = scriptCache((script) =>
    guardScript(script, {
      error: inScript,
      refuses: (command) => takesKeys(command) && !/^(eval|fcall)/.test(command.name),
      lifts: () => false,
    }),
  )
  const refuse = (key: Buffer) => answer(errorFor(keySlot(key)))

  return (request, command, circumstances) => {
    // It is refused for what was queued, whose slot is asked for once more.
    if (command.name === 'exec') {
      const { firstKey = null } = circumstances.queued ?? {}
      return firstKey === null ? PASS : refuse(firstKey)
    }
    const [first, ...others] = keysOf(request, command)
    if (first === undefined)
      return /^eval(sha)?(_ro)?$/.test(command.name) ? treatScript(request, circumstances, guarded) : PASS
    const slot = keySlot(first)
    return others.some((key) => keySlot(key) !== slot) ? crossSlot : refuse(first)
  }
}
