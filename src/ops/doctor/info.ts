import type { OperatorClient } from '../../library/backends/operator.js'

/** What INFO says; null for what a managed service leaves out. */
export interface Info {
  text(field: string): string | null
  number(field: string): number | null
  /** Keys of all databases, and those of them that expire; null when the section is missing. */
  keys: { all: number; expiring: number } | null
}

/** @throws OperatorError when the server does not allow it */
export async function readInfo(client: OperatorClient): Promise<Info> {
  return parseInfo(String(await client.send('INFO')))
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
