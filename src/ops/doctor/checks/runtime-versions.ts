import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import type { JudgedClient } from '../judged-client.js'
import { statusBelow } from '../status-of.js'

const DAY_MS = 86_400_000

/** When each major gets its last fixes; that of the first stands for all before it. */
const ENDS: Readonly<Record<number, string>> = {
  18: '2025-04-30',
  19: '2023-06-01',
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
}

export const runtimeVersionsCheck: WorldCheck = {
  on: 'world',
  id: 'ENV-002',
  group: 'environment',
  title: 'Node and client are kept up',
  unit: 'days of fixes left',
  worse: 'below',
  threshold: {
    warn: 0,
    fail: null,
    source:
      'the release schedule of Node; warns for ioredis 6 with its default retryStrategy, too: back after 4.0 s, ioredis 5 after 1.0 s (measured)',
  },
  deadlineMs: 1000,
  run: ({ client }, threshold) =>
    judgeRuntime({ node: process.versions.node, now: Date.now(), client }, threshold),
}

interface Runtime {
  node: string
  now: number
  client: Pick<JudgedClient, 'library' | 'assumed' | 'options'> | null
}

export function judgeRuntime(
  { node, now, client }: Runtime,
  threshold: { warn: number | null; fail: number | null },
): Finding {
  const end = endOf(Number.parseInt(node))
  const value = end === null ? null : (Date.parse(end) - now) / DAY_MS
  const ofNode = value === null ? 'skip' : statusBelow(value, threshold)
  const until =
    end === null
      ? 'newer than what is known here'
      : `which gets fixes ${value! < 0 ? 'no more, since' : 'until'} ${end}`
  const message = `doctor runs on Node ${node}, ${until}`
  const isBad = ofNode === 'warn' || ofNode === 'FAIL'
  // What nobody declared may be set all right; TTF-001 says that it is assumed.
  const isSlow =
    client?.library === 'ioredis@6' && !client.assumed && client.options['retryDelayMs'] === undefined
  if (!isBad && !isSlow) return { status: ofNode, message, value }
  return {
    status: isBad ? ofNode : 'warn',
    message: isSlow ? `${SLOW.message}; ${message}` : message,
    value,
    remediation: { text: [...(isSlow ? [SLOW.text] : []), ...(isBad ? [MOVE] : [])].join(' ') },
  }
}

const MOVE = 'Move the application to a Node that still gets fixes; security fixes are among what is missing.'
const SLOW = {
  message:
    'ioredis 6 with its default retryStrategy, which waits up to 5.2 s before it looks whether Redis is back',
  text: 'Give the client a retryStrategy of its own, such as 250 ms with jitter, and declare retryDelayMs; the embedded library has one.',
}

function endOf(major: number): string | null {
  const known = Object.keys(ENDS).map(Number)
  if (major > Math.max(...known)) return null
  return ENDS[major] ?? ENDS[Math.min(...known)]!
}
