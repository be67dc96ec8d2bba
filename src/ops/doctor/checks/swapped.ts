import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { processHere } from '../process-here.js'
import { statusOf } from '../status-of.js'

const MIB = 1024 ** 2

export const swappedCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-008',
  group: 'memory',
  title: 'nothing is swapped out',
  unit: 'MiB swapped',
  threshold: {
    warn: 0,
    fail: 50,
    source:
      'Amazon ElastiCache: SwapUsage should stay at about 0 and below 50 MB; lasting means twice a second apart',
  },
  deadlineMs: 6000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const server = await processHere(await world.info())
    if (server === null) {
      return {
        status: 'skip',
        message: 'only the machine of the server tells, and this is not shown to be it',
      }
    }
    const first = await server.swappedBytes()
    await world.interval()
    const second = await server.swappedBytes()
    if (first === null || second === null) {
      return { status: 'skip', message: 'this system does not tell what of a process is swapped out' }
    }
    const bytes = Math.min(first, second)
    const value = bytes / MIB
    const message =
      bytes === 0
        ? 'all of it is in RAM'
        : `${inWords.bytes(bytes)} of it: who asks for that waits for the disk`
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: SHORT_OF_RAM }) }
  },
}

const SHORT_OF_RAM = {
  text: 'Give the machine more RAM, the server a lower maxmemory (MEM-003), or the other processes a place of their own.',
  commands: ['redis-cli INFO memory', 'vmstat 1 5'],
}
