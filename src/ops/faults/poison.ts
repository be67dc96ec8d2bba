import { counted, difference } from './difference.js'
import type { TcpDoor } from './doors/door.js'
import type { Fault } from './fault.js'
import { PASS, type Rule, type Treatment } from './resp/rule.js'

/** Twice what the library takes by default. */
const HUGE_BYTES = 2 * 1024 * 1024
/** Ten of them in a second would be a network that is too narrow, which is another fault. */
const HUGE_EVERY = 25

const bulk = (text: string) => Buffer.from(`$${text.length}\r\n${text}\r\n`)

/** What somebody else may have left under a key. */
const GARBAGE: readonly Buffer[] = [
  bulk('{"key":"drill'),
  bulk('null'),
  bulk('[]'),
  Buffer.from('-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'),
]
const HUGE = bulk(JSON.stringify('x'.repeat(HUGE_BYTES)))

const BULK = '$'.charCodeAt(0)
const NOTHING = '-'.charCodeAt(0)

const findingInstead = (garbage: Buffer): Treatment => ({
  kind: 'change',
  // A key that is not there has nothing wrong in it.
  change: (reply) => (reply[0] === BULK && reply[1] !== NOTHING ? garbage : reply),
})
const treatments = GARBAGE.map(findingInstead)
const huge = findingInstead(HUGE)

const rule: Rule = (_request, { name }, { index, queued }) => {
  if ((name !== 'get' && name !== 'getex') || queued !== null) return PASS
  return index % HUGE_EVERY === 0 ? huge : (treatments[index % treatments.length] as Treatment)
}

export const poison: Fault<TcpDoor> = {
  name: 'poison',
  summary:
    'Every value that is read is garbage, in turn broken JSON, null, [] and another type, now and then 2 MiB, as when another program writes there.',
  protocols: ['resp'],
  breaks: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C11'],
  spares: {
    C10: 'nothing fails under it, and who checks what he reads counts what is invalid, as he should',
  },
  apply: (door) => door.interfere(rule),
  lift: (door) => door.open(),
  witness(atFault, atHeal) {
    const counts = difference(atFault, atHeal, ['repliesChanged'])
    return {
      witnessed: counts.repliesChanged >= 1,
      evidence: `${counted(counts.repliesChanged, 'value')} found to be garbage`,
      counts,
    }
  },
}
