import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { parseRunbook } from './parse.js'
import type { Runbook } from './runbook.js'

const LARGEST_BYTES = 1024 * 1024

export interface LoadedRunbook {
  runbook: Runbook
  /** Where it is. */
  file: string
  /** The section that was asked for; null for all of it. */
  anchor: string | null
  builtIn: boolean
}

/**
 * The runbook that `FILE`, `FILE#anchor` or the name of a built-in one means. A file wins over a name.
 *
 * @param builtIns directory of the built-in runbooks
 * @throws UsageError when there is none, or when it cannot be read as one
 */
export async function loadRunbook(address: string, builtIns: string): Promise<LoadedRunbook> {
  const hash = existsSync(address) ? -1 : address.lastIndexOf('#')
  const file = hash === -1 ? address : address.slice(0, hash)
  const anchor = hash === -1 ? null : address.slice(hash + 1) || null
  if (existsSync(file)) {
    return { runbook: await parseRunbook(read(file), file), file, anchor, builtIn: false }
  }
  const names = readdirSync(builtIns)
    .filter((name) => name.endsWith('.md'))
    .map((name) => basename(name, '.md'))
  if (names.includes(file)) {
    const path = join(builtIns, `${file}.md`)
    return { runbook: await parseRunbook(read(path), `${file}.md`), file: path, anchor, builtIn: true }
  }
  const meant = nearest(file, names)
  throw new UsageError('RUNBOOK_NOT_FOUND', `There is no file and no built-in runbook '${file}'.`, [
    meant === undefined ? `built in: ${names.join(', ')}` : `cache runbook run ${meant}`,
  ])
}

function read(path: string): string {
  const refuse = (why: string, suggestion: string) =>
    new UsageError('RUNBOOK_UNREADABLE', `${path} cannot be read as a runbook: ${why}.`, [suggestion])
  const stat = statSync(path)
  if (!stat.isFile()) throw refuse('it is no file', 'name a Markdown file in it')
  if (stat.size > LARGEST_BYTES) throw refuse('it is larger than 1 MiB', 'split it')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw refuse('permission denied', `chmod +r ${path}`)
  }
  if (text.includes('\0')) throw refuse('it is not text', 'name a Markdown file')
  return text.replace(/^\uFEFF/, '')
}
