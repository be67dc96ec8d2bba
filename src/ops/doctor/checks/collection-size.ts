import type { KeysCheck } from '../check.js'
import { commandsFor, keysTold, ofFamilies } from '../sampled.js'
import { statusOf } from '../status-of.js'

const COLLECTIONS = new Set(['hash', 'list', 'set', 'zset', 'stream'])
/** A hash may have this many times the members of the others: RedisInsight, 5000 instead of 1000. */
const ROOM_OF_A_HASH = 5

export const collectionSizeCheck: KeysCheck = {
  on: 'keys',
  id: 'KEY-003',
  group: 'keys',
  title: 'collections are small',
  unit: 'members',
  threshold: {
    warn: 1000,
    fail: 100_000,
    source: 'RedisInsight: above 1000 members (a hash: above 5000); the failure, 100000, is ours',
  },
  deadlineMs: 6000,
  privileges: '+scan (%R~* +hlen +llen +memory|usage +scard +type +xlen +zcard)',
  run(sample, _world, { warn, fail }) {
    const told = keysTold(sample, 'size', ({ type = 'hash' }) => COLLECTIONS.has(type))
    const collections = told.keys.map((key) => {
      const room = warn !== null && key.type === 'hash' ? warn * ROOM_OF_A_HASH : warn
      return { ...key, status: statusOf(key.size, { warn: room, fail }) }
    })
    if (collections.length === 0) return { status: 'skip', message: `no collection; ${told.from}` }
    const big = collections.filter(({ status }) => status !== 'ok').sort((a, b) => b.size - a.size)
    const [largest] = big
    if (!largest) {
      const value = Math.max(...collections.map(({ size }) => size))
      return { status: 'ok', message: `${collections.length}, none too large; ${told.from}`, value }
    }
    return {
      status: big.some(({ status }) => status === 'FAIL') ? 'FAIL' : 'warn',
      message:
        `${big.length} of ${collections.length} have too many members: ${ofFamilies(big)}; ` +
        `the largest, a ${largest.type}, has ${largest.size}, and whoever reads or deletes it whole holds up everybody`,
      value: largest.size,
      remediation: {
        text: 'Bound it where it is written (LTRIM, XADD MAXLEN, ZREMRANGEBYRANK), or spread it over several keys; delete it with UNLINK.',
        commands: commandsFor(big),
      },
    }
  },
}
