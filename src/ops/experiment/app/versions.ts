import type { WriteRecord } from '../measurement.js'

/** What the drill has had written through the app: of its keys, the versions that there are. */
export interface Versions {
  /** Begins a write of the key's next version; null while another one of it is under way, whose order nobody would know. */
  begin(key: string, isRevocation: boolean, atMs: number): WriteRecord | null
  /** @param acknowledgedMs null when it is not known whether it was done */
  end(write: WriteRecord, acknowledgedMs: number | null): void
  /** The version that a denied read stands for; null when nobody has revoked the key. */
  revoked(key: string): number | null
  readonly writes: WriteRecord[]
}

/** Every key begins at version 1. A write counts from its start: before that nobody can have seen it. */
export function createVersions(): Versions {
  const latest = new Map<string, number>()
  const revocations = new Map<string, number>()
  const underWay = new Set<string>()
  const writes: WriteRecord[] = []
  return {
    writes,
    begin: (key, isRevocation, atMs) => {
      if (underWay.has(key)) return null
      underWay.add(key)
      const version = (latest.get(key) ?? 1) + 1
      latest.set(key, version)
      if (isRevocation) revocations.set(key, version)
      const write: WriteRecord = { key, version, process: 'main', committedMs: atMs, acknowledgedMs: null }
      writes.push(write)
      return write
    },
    end: (write, acknowledgedMs) => {
      write.acknowledgedMs = acknowledgedMs
      underWay.delete(write.key)
    },
    revoked: (key) => revocations.get(key) ?? null,
  }
}
