import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Severity } from '../report/audit-report.js'
import type { CodeKeys, KeyPlace, KeysInCodeReport } from '../report/keys-in-code-report.js'
import { mustBeReadable } from './asked.js'
import { contextOf } from './context.js'
import { familiesOf, type KeyFamily } from './families.js'
import { declaredKeys, heldAgainstRedis, mayBeOf, type KeysSeen } from './keys-seen.js'
import { Places } from './places.js'
import { readProject, type Project } from './project/project.js'
import { usedKeysIn } from './recognise/keys/keys.js'
import { isOutOfSight, Speller, textOf, type Spelling } from './recognise/keys/spelling.js'

export interface KeysInCodeOptions {
  /** Files or directories that exist, relative to `cwd`. */
  paths: string[]
  /** The kinds of key that are declared. */
  families: readonly KeyFamily[]
  /** `warn`: undeclared patterns and TTLs that differ make the verdict fail. @default 'error' */
  failOn?: Severity | 'never'
  /** @default the working directory */
  cwd?: string
  /** What Redis holds; asked once the code is read. */
  seen?: () => Promise<KeysSeen>
  /** Aborted: what was read so far is returned, as inconclusive. */
  signal?: AbortSignal
}

/** The keys that code reads and writes, against the declared families and, where asked, against Redis. */
export async function keysInCode(options: KeysInCodeOptions): Promise<KeysInCodeReport> {
  const { paths, families, failOn = 'error', cwd = process.cwd(), signal } = options
  for (const path of paths) mustBeReadable(path, cwd, [])
  const project = await read(paths, cwd, signal)
  const collected = new Map<string, { keys: CodeKeys; spelling: Spelling }>()
  const outOfSight: KeyPlace[] = []
  const places = new Places(cwd)
  if (project) await collect(project, { families, places, collected, outOfSight, signal })
  const spelt = [...collected.values()].sort((a, b) => (a.keys.pattern < b.keys.pattern ? -1 : 1))
  const isPartial = signal?.aborted ?? false
  const seen = isPartial ? undefined : await options.seen?.()
  const patterns = spelt.map(({ keys }) => keys)
  const declared = declaredKeys(families, patterns, seen)
  const isDeclaring = families.some(({ declaredIn }) => declaredIn !== 'library')
  // Who declares no families has no undeclared keys.
  const undeclared = isDeclaring
    ? patterns.filter((each) => each.families.length === 0 && each.writes > 0).length
    : 0
  const mismatched = declared.filter(
    ({ ttlDeclaredSeconds, ttlWrittenSeconds }) =>
      ttlDeclaredSeconds !== null && ttlWrittenSeconds.some((each) => each !== ttlDeclaredSeconds),
  ).length
  const counts = project?.counts ?? { files: 0, read: 0 }
  const isInconclusive = isPartial || counts.files === 0 || seen?.error !== undefined
  return {
    schema: 'cache.audit-keys/1',
    command: 'audit',
    verdict: isInconclusive
      ? 'inconclusive'
      : failOn === 'warn' && undeclared + mismatched > 0
        ? 'fail'
        : 'pass',
    ...(seen?.error && { error: seen.error }),
    ...(isPartial && { interrupted: true as const }),
    paths,
    failOn,
    families: declared,
    patterns: seen ? heldAgainstRedis(spelt, seen) : patterns,
    outOfSight: outOfSight.sort(byPlace),
    live: seen
      ? {
          server: seen.server,
          complete: seen.complete,
          keys: seen.keys,
          unwritten: unwritten(spelt, declared, seen),
        }
      : null,
    summary: {
      files: counts.files,
      read: counts.read,
      undeclared,
      unused: declared.filter(({ used, declaredIn }) => !used && declaredIn !== 'library').length,
      mismatched,
    },
  }
}

async function read(paths: string[], cwd: string, signal?: AbortSignal): Promise<Project | undefined> {
  const reading = readProject(
    paths.map((path) => resolve(cwd, path)),
    cwd,
  )
  for (;;) {
    // A turn of the event loop per file: Ctrl-C must be heard.
    await setImmediate()
    if (signal?.aborted) return undefined
    const { done, value } = reading.next()
    if (done) return value
  }
}

interface Collecting {
  families: readonly KeyFamily[]
  places: Places
  collected: Map<string, { keys: CodeKeys; spelling: Spelling }>
  outOfSight: KeyPlace[]
  signal: AbortSignal | undefined
}

async function collect(project: Project, { families, places, collected, outOfSight, signal }: Collecting) {
  const context = contextOf(project, families)
  const speller = new Speller(project)
  for (const file of project.sources) {
    await setImmediate()
    if (signal?.aborted) return
    for (const { node, command, access, spelling, ttlSeconds } of usedKeysIn(file, context, speller)) {
      const place = { ...places.of(node), command, access }
      if (isOutOfSight(spelling)) {
        outOfSight.push(place)
        continue
      }
      const pattern = textOf(spelling)
      const known = collected.get(pattern)?.keys ?? {
        pattern,
        families: familiesOf(spelling, families).map(({ id }) => id),
        reads: 0,
        writes: 0,
        deletes: 0,
        ttlSeconds: [],
        places: [],
        seen: null,
      }
      collected.set(pattern, { keys: known, spelling })
      known.places.push(place)
      if (access === 'read') known.reads += 1
      else if (access === 'delete') known.deletes += 1
      else if (access === 'write') known.writes += 1
      if (ttlSeconds !== null && !known.ttlSeconds.includes(ttlSeconds)) known.ttlSeconds.push(ttlSeconds)
    }
  }
}

function unwritten(
  spelt: readonly { keys: CodeKeys; spelling: Spelling }[],
  declared: KeysInCodeReport['families'],
  seen: KeysSeen,
): NonNullable<KeysInCodeReport['live']>['unwritten'] {
  const writes = spelt.filter(({ keys }) => keys.writes > 0)
  const written = new Set(writes.flatMap(({ keys }) => keys.families))
  return [
    ...declared
      .filter(({ family, live }) => live !== null && live.keys > 0 && !written.has(family))
      .map(({ family, pattern, live }) => ({ pattern, family, keys: live!.keys })),
    ...seen.groups
      .filter(({ pattern }) => !writes.some(({ spelling }) => mayBeOf(spelling, pattern)))
      .map(({ pattern, keys }) => ({ pattern, family: null, keys })),
  ]
}

function byPlace(a: KeyPlace, b: KeyPlace): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1
}
