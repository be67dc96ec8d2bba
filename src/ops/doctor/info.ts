import type { OperatorClient } from '../../library/backends/operator.js'

/** What INFO says; null for what a managed service leaves out. */
export interface Info {
  text(field: string): string | null
  number(field: string): number | null
  /** Keys of all databases, and those of them that expire; null when the section is missing. */
  keys: { all: number; expiring: number } | null
  /** Keys of each database that has any, by its number; null when the section is missing. */
  databases: ReadonlyMap<number, number> | null
  /** What each command cost since the counters began, by its name as INFO has it, such as `config|get`. */
  commands: ReadonlyMap<string, { calls: number; usec: number }> | null
}

/** @throws OperatorError when the server does not allow it */
export async function readInfo(client: OperatorClient): Promise<Info> {
  // The costs of commands are no part of the default, and only Redis 7 takes several sections at once.
  const replies = await client.pipeline([['INFO'], ['INFO', 'commandstats']])
  if (replies[0] instanceof Error) throw replies[0]
  return parseInfo(replies.filter((reply) => !(reply instanceof Error)).join('\n'))
}

export function parseInfo(reply: string): Info {
  const fields = new Map<string, string>()
  for (const line of reply.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  const text = (field: string) => fields.get(field) ?? null
  return {
    text,
    number(field) {
      const value = Number(text(field) ?? NaN)
      return Number.isFinite(value) ? value : null
    },
    // An empty database has no line of its own, so only the section's heading tells that nothing is there.
    keys: reply.includes('# Keyspace') ? countKeys(fields) : null,
    databases: reply.includes('# Keyspace') ? keysByDatabase(fields) : null,
    commands: reply.includes('# Commandstats') ? costs(fields) : null,
  }
}

function countKeys(fields: ReadonlyMap<string, string>): { all: number; expiring: number } {
  let all = 0
  let expiring = 0
  for (const [name, value] of fields) {
    const [, keys, expires] = (/^db\d+$/.test(name) && /keys=(\d+),expires=(\d+)/.exec(value)) || []
    all += Number(keys ?? 0)
    expiring += Number(expires ?? 0)
  }
  return { all, expiring }
}

function keysByDatabase(fields: ReadonlyMap<string, string>): Map<number, number> {
  const databases = new Map<number, number>()
  for (const [name, value] of fields) {
    const database = /^db(\d+)$/.exec(name)?.[1]
    const keys = /^keys=(\d+)/.exec(value)?.[1]
    if (database !== undefined && keys !== undefined) databases.set(Number(database), Number(keys))
  }
  return databases
}

function costs(fields: ReadonlyMap<string, string>): Info['commands'] {
  const commands = new Map<string, { calls: number; usec: number }>()
  for (const [field, value] of fields) {
    const [, calls, usec] = /^calls=(\d+),usec=(\d+)/.exec(value) ?? []
    if (!field.startsWith('cmdstat_') || calls === undefined) continue
    commands.set(field.slice('cmdstat_'.length), { calls: Number(calls), usec: Number(usec) })
  }
  return commands
}
