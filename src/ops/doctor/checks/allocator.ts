import type { ServerCheck } from '../check.js'
import type { Info } from '../info.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

/** As of fragmentation as a whole (MEM-004): below, what a process needs anyway decides. */
const SMALLEST_BYTES = 100 * 1024 ** 2
const WASTED_BYTES = 10 * 1024 ** 2

export const allocatorCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-005',
  group: 'memory',
  title: 'what the allocator holds',
  unit: 'held / used',
  threshold: { warn: 1.1, fail: null, source: 'MEMORY DOCTOR: above 1.1 and 10 MiB, of each of the two' },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const info = await world.info()
    // Of others Redis knows nothing, and fills in the resident memory of the process, which MEM-004 judges.
    if (!info.text('mem_allocator')?.startsWith('jemalloc')) {
      return { status: 'skip', message: 'its allocator does not tell what it holds' }
    }
    const used = info.number('used_memory') ?? 0
    if (used < SMALLEST_BYTES) {
      return { status: 'skip', message: `${inWords.bytes(used)} in use; below 100 MiB it says nothing` }
    }
    const parts = partsOf(info)
    if (parts === null)
      return { status: 'skip', message: 'INFO of this service does not tell what its allocator holds' }
    const wasteful = parts.filter(({ bytes }) => bytes > WASTED_BYTES)
    const worst = highest(wasteful.length > 0 ? wasteful : parts)
    const message = parts
      .map(({ ratio, bytes, where }) => `${ratio.toFixed(2)} ${where} (${inWords.bytes(Math.max(0, bytes))})`)
      .join(', ')
    const status = wasteful.length > 0 ? statusOf(worst.ratio, threshold) : 'ok'
    return {
      status,
      message,
      value: worst.ratio,
      ...(status !== 'ok' && { remediation: worst.remediation }),
    }
  },
}

const PARTS = [
  {
    name: 'frag',
    where: 'in gaps between values',
    remediation: {
      text: 'Let it tidy up while it runs; else the gaps close when it restarts.',
      commands: ['redis-cli CONFIG SET activedefrag yes'],
    },
  },
  {
    name: 'rss',
    where: 'in free pages not given back',
    remediation: {
      text: 'It gives them back by and by; a purge does it now, where the machine needs the RAM.',
      commands: ['redis-cli MEMORY PURGE'],
    },
  },
]

type Part = (typeof PARTS)[number] & { ratio: number; bytes: number }

function partsOf(info: Info): Part[] | null {
  const parts = PARTS.flatMap((part) => {
    const ratio = info.number(`allocator_${part.name}_ratio`)
    const bytes = info.number(`allocator_${part.name}_bytes`)
    return ratio === null || bytes === null ? [] : [{ ...part, ratio, bytes }]
  })
  return parts.length === PARTS.length ? parts : null
}

function highest(parts: readonly Part[]): Part {
  return parts.reduce((most, each) => (each.ratio > most.ratio ? each : most))
}
