import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** A variable that an app's code reads, and that seems to say where Redis is. */
export interface FoundVariable {
  name: string
  /** `src/redis.js:12`. */
  where: string
}

const READS =
  /(?:process\.env|import\.meta\.env|\benv)(?:\.([A-Z][A-Z0-9_]*)|\[\s*['"]([A-Z][A-Z0-9_]*)['"]\s*\])/g
const SOUNDS_LIKE = /(?:REDIS|VALKEY|UPSTASH|KV_|CACHE|RATE_?LIMIT)/
const IS_ADDRESS = /(?:URL|URI|HOST|ADDR|ADDRESS|DSN|ENDPOINT|CONNECTION(?:_STRING)?|SERVER)S?$/
const SOURCE = /\.[cm]?[jt]sx?$/
const SKIPPED = new Set(['node_modules', '.git', 'coverage', 'test', 'tests', '__tests__'])
const MAX_FILES = 2000
const MAX_FILE_BYTES = 512 * 1024

/**
 * The variables that the app's own files read for the address of something like Redis: those below the directory of the
 * first file that its command names, or else below `cwd`. A cheap look at text; it finds what is written plainly.
 */
export function findRedisVariables(command: readonly string[], cwd: string): FoundVariable[] {
  const found = new Map<string, FoundVariable>()
  const entry = entryOf(command, cwd)
  const files = [
    ...(entry === undefined ? [] : [entry]),
    ...filesBelow(entry === undefined ? cwd : dirname(entry)),
  ]
  for (const file of files) {
    let text: string
    try {
      if (statSync(file).size > MAX_FILE_BYTES) continue
      text = readFileSync(file, 'utf8')
    } catch {
      continue
    }
    for (const match of text.matchAll(READS)) {
      const name = match[1] ?? match[2] ?? ''
      if (found.has(name) || !SOUNDS_LIKE.test(name) || !IS_ADDRESS.test(name)) continue
      const line = text.slice(0, match.index).split('\n').length
      found.set(name, { name, where: `${relative(cwd, file)}:${line}` })
    }
  }
  return [...found.values()]
}

function entryOf(command: readonly string[], cwd: string): string | undefined {
  return command
    .slice(1)
    .map((word) => resolve(cwd, word))
    .find((path) => SOURCE.test(path) && existsSync(path))
}

/** Nearest first: what the app starts with lies above what it loads. */
function* filesBelow(root: string): Generator<string, void, void> {
  const queue = [root]
  let count = 0
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    let entries
    try {
      entries = readdirSync(directory, { withFileTypes: true })
    } catch {
      continue
    }
    for (const entry of entries) {
      const path = join(directory, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) queue.push(path)
      if (!entry.isFile() || !SOURCE.test(entry.name)) continue
      if (++count > MAX_FILES) return
      yield path
    }
  }
}
