import type { Report, ReportError } from './report.js'

/** A number that may come from a sample: the truth lies within `± margin` in 95 of 100 runs. Exact when margin is 0. */
export interface Estimate {
  value: number
  margin: number
}

export interface OrphanGroup {
  /** What the keys have in common, such as `session:old:*`. */
  pattern: string
  keys: number
}

/** Which server it was, as it says itself; null where it would not say. */
export interface TargetReport {
  name: string
  /** `host:port`. */
  address: string
  database: number
  production: boolean
  fingerprint: string
  role: 'master' | 'replica' | null
  version: string | null
  runId: string | null
  cluster: boolean
}

/** What can be wrong with keys, and what `--fail-on` takes. */
export const RULES = ['orphans', 'no-ttl', 'ttl-above', 'wrong-type'] as const
export type Rule = (typeof RULES)[number]

export interface KeyFinding {
  rule: Rule
  /** Null for orphans. */
  family: string | null
  keys: Estimate
  /** Asked for by `--fail-on`, so it decides the exit code. */
  fails: boolean
  message: string
  /** Some of the keys, masked. */
  examples: string[]
}

/** What a pass saw of one kind of keys. Estimates come from `sampled` keys and are exact when those were all. */
export interface KindReport {
  keys: number
  /** Of all keys seen, 0..1. */
  share: number
  sampled: number
  /** MEMORY USAGE, bytes; null where the server would not say. */
  memoryBytes: Estimate | null
  /** MEMORY USAGE of one key, bytes, to within 0.4 %; null where nothing was measured. */
  bytesSeen: { p50: number; p99: number } | null
  largest: { key: string; bytes: number } | null
  /** Remaining lifetimes of the keys that have one, in ms, to within 0.4 %. */
  ttlSeenMs: { p5: number; p50: number; p95: number } | null
  withoutTtl: Estimate
  types: Record<string, number>
}

export interface FamilyReport extends KindReport {
  family: string
  pattern: string
  /** Null: each key's window decides. */
  ttlDeclaredSeconds: number | null
  ttlAbove: Estimate | null
  wrongType: Estimate | null
}

/** One server that holds keys, as the pass left it. */
export interface NodeReport {
  /** `host:port`. */
  address: string
  /** DBSIZE before the pass; null where it was not told. */
  databaseKeys: number | null
  keysSeen: number
  complete: boolean
  error: ReportError | null
}

/** A key that costs the server much, of those that were measured. */
export interface LargeKey {
  /** Masked. */
  key: string
  family: string | null
  type: string
  bytes: number
  /** Null: it does not expire. */
  ttlMs: number | null
}

/** One key on a line of `--jsonl`. */
export interface KeyLine {
  /** Masked. */
  key: string
  /** Null for an orphan. */
  family: string | null
  /** Null: it does not expire. */
  ttlMs: number | null
  type: string
  /** MEMORY USAGE; null where the server would not say. */
  bytes: number | null
}

export interface ScanReport {
  /** Of those that were asked for. */
  keysSeen: number
  /** Times that SCAN returned a key again; counted once. */
  repeated: number
  /** DBSIZE before the pass. */
  databaseKeys: number
  /** Whether every key that was asked for has been seen, or those from `from` on. */
  complete: boolean
  /** What `--cursor` takes to go on; `0` when the pass got through. */
  cursor: string
  /** The cursor that the pass began at; null: at the beginning. */
  from: string | null
  durationMs: number
  match: string | null
  family: string | null
  noTtl: boolean
  /** The only server, or all masters of a cluster. */
  nodes: NodeReport[]
  /** Slots of a cluster that no master serves: what was in them cannot be seen. */
  slotsUnserved: number
  /** Slots changed masters during the pass, and keys may have moved past it. */
  slotsMoved: boolean
}

export interface KeysReport extends Report {
  command: 'keys'
  target: TargetReport
  scan: ScanReport
  sample: { perFamily: number | 'all'; seed: number; confidence: 0.95 }
  families: FamilyReport[]
  orphans: KindReport & { groups: OrphanGroup[] }
  /** Largest first, over all families; as many as `--top` asks for. */
  largest: LargeKey[]
  findings: KeyFinding[]
  failOn: Rule[]
  /** Where commands are paid for one by one: how many were foreseen, and sent. */
  cost: { foreseen: number; sent: number } | null
}
