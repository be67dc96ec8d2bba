import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { preparePurge, type PurgeInput } from '../../../../src/ops/keyspace/purge/prepare.js'
import { restore } from '../../../../src/ops/keyspace/purge/restore.js'
import { runPurge, type RunOptions } from '../../../../src/ops/keyspace/purge/run.js'
import { UndoReader } from '../../../../src/ops/keyspace/purge/undo-reader.js'
import { UNDO_FILE } from '../../../../src/ops/keyspace/purge/ledger-header.js'
import type { NamedServer, Server } from '../../../../src/ops/keyspace/server.js'
import type { PurgeReport } from '../../../../src/ops/report/purge-report.js'
import { catalogue, hostileConversations, hostileOrphans } from '../servers.js'
import type { Command } from '../../../../src/library/backends/operator.js'

/** A directory for ledgers, until the last test of a file is over. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cache-purge-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface Place {
  named: NamedServer
  server: Server
}

/** A purge as the command asks for it; of a production target whose name is given. */
export async function purgeAt(
  { named, server }: Place,
  ledgers: string,
  input: Partial<PurgeInput>,
  options: Partial<RunOptions> = {},
): Promise<PurgeReport> {
  const isOther = input.resume !== undefined || input.planFrom !== undefined || input.planTo !== undefined
  const prepared = await preparePurge({
    where: [],
    across: [],
    apply: !isOther,
    method: { kind: 'unlink' },
    undo: true,
    ...(input.resume === undefined && { ledgers }),
    gentle: false,
    confirm: named.target.name,
    catalogue,
    named,
    canAsk: false,
    ...input,
  })
  return runPurge(server, prepared, { maxDrift: 0.1, confirm: () => Promise.resolve(''), ...options })
}

/** Brings back what the purge of this ledger took. */
export async function restoreAt(
  { server }: Place,
  ledger: string,
  { overwrite = false, dryRun = false } = {},
) {
  const undo = await UndoReader.open(join(ledger, UNDO_FILE))
  try {
    const kindOf = (key: Buffer) => catalogue.classify(key)?.id ?? 'orphans'
    return await restore(server, { undo, overwrite, dryRun, kindOf })
  } finally {
    await undo.close()
  }
}

/** Keys of `conv` among `someKeys`. */
export const CONVERSATIONS = 1250 + hostileConversations.length

/** 2000 keys of all families and none. */
export function someKeys(): Command[] {
  const many = (count: number, make: (index: number) => Command) =>
    Array.from({ length: count }, (_, index) => make(index))
  return [
    ...many(1200, (index) => ['SET', `copilot:conv:c${index}`, '{}', 'PX', 55_000 + ((index * 7) % 4000)]),
    ...many(30, (index) => ['SET', `copilot:conv:forever${index}`, '{}']),
    ...many(20, (index) => ['SET', `copilot:conv:long${index}`, '{}', 'EX', 86_400]),
    ...many(500, (index) => ['SET', `copilot:auth:validation:u${index}`, '{}', 'EX', 300]),
    ...many(40, (index) => ['SET', `copilot:llm:policy:t${index}`, '{}', 'EX', 290]),
    ...many(3, (index) => ['RPUSH', `copilot:llm:policy:list${index}`, 'x']),
    ...many(100, (index) => ['SET', `copilot:ratelimit:api:u${index}`, '1', 'EX', 60]),
    ...many(170, (index) => ['SET', `session:old:${index}`, '{}']),
    ...[...hostileConversations, ...hostileOrphans].map((key): Command => ['SET', key, 'x', 'EX', 58]),
  ]
}
