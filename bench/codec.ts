import { deserializeJson, serializeJson } from '../src/library/cache/json-codec.js'
import { seal, unseal } from '../src/library/cache/integrity.js'
import { median, spread } from './statistics.js'
import { printTable, promise } from './table.js'

const ROUNDS = 15
const ROUND_MS = 20
const MAX_BYTES = 1_048_576
const KEY = 'copilot:conv:0b7e7a52-3c1e-4c53-8f1a-0a6c6a7f2d11'

const session = {
  userId: 'user-4711',
  tenantId: 'tenant-17',
  isValid: true,
  roles: ['member', 'editor'],
  expiresAt: 1_790_000_000,
}
const message = (i: number) => ({
  id: `message-${i}`,
  role: i % 2 === 0 ? 'user' : 'assistant',
  content: 'What does the regulation say about records that are kept for longer than five years? '.repeat(2),
  tokens: { prompt: 120 + i, completion: 340 + i },
  pinned: false,
  parent: i === 0 ? null : `message-${i - 1}`,
})
const conversation = {
  id: 'conversation-1',
  tenantId: 'tenant-17',
  messages: Array.from({ length: 30 }, (_, i) => message(i)),
}
const dated = {
  ...conversation,
  messages: conversation.messages.map((each, i) => ({ ...each, createdAt: new Date(1_790_000_000_000 + i) })),
}

const VALUES: [name: string, value: unknown][] = [
  ['session', session],
  ['conversation', conversation],
  ['conversation with dates', dated],
]

/** What the default codec costs beside JSON.stringify and JSON.parse, per value. */
export function benchCodec(): void {
  const promises: Parameters<typeof promise>[] = []
  const rows = [['codec, median (least–most)', 'bytes', 'write', '× JSON', 'read', '× JSON', 'header']]
  for (const [name, value] of VALUES) {
    const json = JSON.stringify(value)
    const text = serializeJson(value, MAX_BYTES)
    const sealed = seal(KEY, text)
    const [stringify, write, parse, read, header] = interleaved([
      () => JSON.stringify(value),
      () => serializeJson(value, MAX_BYTES),
      () => JSON.parse(json) as unknown,
      () => deserializeJson(text),
      () => [seal(KEY, text), unseal(KEY, sealed)],
    ]) as [number[], number[], number[], number[], number[]]
    const writes = median(write) / median(stringify)
    const reads = median(read) / median(parse)
    rows.push([
      name,
      String(Buffer.byteLength(text)),
      micros(write),
      writes.toFixed(2),
      micros(read),
      reads.toFixed(2),
      micros(header),
    ])
    if (value === dated) continue
    promises.push([`${name}: write ≤ 1.5 × JSON.stringify`, `${writes.toFixed(2)} ×`, writes <= 1.5])
    promises.push([`${name}: read ≤ 1.1 × JSON.parse`, `${reads.toFixed(2)} ×`, reads <= 1.1])
  }
  printTable(rows)
  for (const each of promises) promise(...each)
}

/** Microseconds per call of each, round by round, so that all meet the same noise. */
function interleaved(calls: readonly (() => unknown)[]): number[][] {
  const results = calls.map((): number[] => [])
  for (let round = -3; round < ROUNDS; round++) {
    calls.forEach((call, index) => {
      const took = timePerCall(call)
      // The first rounds only make the compiler see the code.
      if (round >= 0) results[index]!.push(took)
    })
  }
  return results
}

function timePerCall(call: () => unknown): number {
  let count = 0
  const start = performance.now()
  let now = start
  while (now - start < ROUND_MS) {
    for (let i = 0; i < 20; i++) sink = call()
    count += 20
    now = performance.now()
  }
  return ((now - start) * 1000) / count
}

/** Where results go, so that no call can be left out. */
export let sink: unknown

const micros = (times: number[]) => spread(times).replaceAll('ms', 'µs')
