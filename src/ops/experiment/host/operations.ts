import type { OperationRecord, ProcessName } from '../measurement.js'
import { describeError } from '../plain-text.js'
import type { SubjectCache } from '../subjects/subject.js'
import type { PlannedOperation } from '../workload.js'
import type { Parent } from './parent.js'

export interface Operations {
  /** Starts one and returns at once. */
  start(operation: PlannedOperation): void
  /** Those that have settled since the last call. */
  takeSettled(): OperationRecord[]
  /** How many have not settled yet. */
  inFlight(): number
  /** Those that have not, as they stand now. */
  pending(): OperationRecord[]
}

/** Does what an application does around its cache, and notes what its caller would see. */
export function createOperations(
  process: ProcessName,
  cache: SubjectCache,
  source: Pick<Parent, 'load' | 'commit'>,
  nowMs: () => number,
): Operations {
  const pending = new Set<OperationRecord>()
  let settled: OperationRecord[] = []

  const perform = async (record: OperationRecord) => {
    if (cache.ask) return cache.ask(record.key)
    if (record.kind === 'read') return read(record)
    if (cache.change) {
      record.version = await cache.change(record.key)
      return
    }
    record.version = await source.commit(record.key)
    if (record.kind === 'invalidate') return cache.del(record.key)
    return cache.set(record.key, { key: record.key, version: record.version })
  }

  const read = async (record: OperationRecord) => {
    if (cache.readThrough) {
      const load = async () => ({ key: record.key, version: await source.load(record.key) })
      const { value, loaded, viewer, denied, forbidden } = await cache.readThrough(record.key, load)
      record.source = loaded ? 'load' : 'hit'
      if (viewer) record.viewer = viewer
      if (denied) record.denied = true
      if (forbidden) record.forbidden = true
      if (record.group === 'joined' && isShared(value)) record.shared = true
      return noteAnswer(record, value)
    }
    const hit = await cache.get(record.key)
    if (hit !== null) {
      record.source = 'hit'
      return noteAnswer(record, hit)
    }
    const version = await source.load(record.key)
    record.source = 'load'
    record.version = version
    await cache.set(record.key, { key: record.key, version })
  }

  return {
    start: (operation) => {
      const record: OperationRecord = {
        ...operation,
        process,
        // The engine knows the phases' true limits and fills this in.
        phase: 'before',
        startMs: nowMs(),
        endMs: null,
        error: null,
        version: null,
        source: null,
      }
      pending.add(record)
      void perform(record)
        .catch((error: unknown) => {
          record.error = describeError(error)
          if (cache.isClear?.(error)) record.clear = true
        })
        .finally(() => {
          record.endMs = nowMs()
          // After the end of the drill it has been reported as pending, and stays that.
          if (pending.delete(record)) settled.push(record)
        })
    },
    takeSettled: () => {
      const taken = settled
      settled = []
      return taken
    },
    inFlight: () => pending.size,
    pending: () => {
      const rest = [...pending]
      pending.clear()
      return rest
    },
  }
}

const MARK = 'changedByItsCaller'

/** Does to an answer what any caller may do with what is his, and tells whether somebody had done so before. */
function isShared(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  if (MARK in answer) return true
  if (Object.isExtensible(answer)) Object.assign(answer, { [MARK]: true })
  return false
}

/** Anything that is not a version of some key leaves `version` null: a wrong answer. */
function noteAnswer(record: OperationRecord, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return
  const { key, version } = answer as { key?: unknown; version?: unknown }
  if (typeof version === 'number') record.version = version
  if (key !== record.key) record.foreignKey = typeof key === 'string' ? key : '(none)'
}
