import { setImmediate } from 'node:timers/promises'
import type { AuditReport, Severity } from '../report/audit-report.js'
import { Policy, type PolicyOptions } from './adoption/policy.js'
import { mustBeReadable, selectRules } from './asked.js'
import { readBaseline, type Baseline } from './adoption/baseline.js'
import { readChanges, type Changes } from './changed/read-changes.js'
import { mended, type Audited } from './fixing/mended.js'
import { Collected } from './collected.js'
import { contextOf } from './context.js'
import type { KeyFamily } from './families.js'
import { withBaseline } from './adoption/with-baseline.js'
import { Places } from './places.js'
import { NOTHING_READ, readProject, type Project, type Read } from './project/project.js'
import { reportOf } from './report-of.js'
import { repositoryOf } from './repository.js'
import type { Rule } from './rule.js'
import { rules } from './rules/index.js'

export interface AuditOptions {
  /** Files or directories, relative to `cwd`. */
  paths: string[]
  /** Ids of the rules to apply. @default all that the policy does not switch off */
  rules?: string[] | undefined
  /** The least severity that makes the verdict fail. @default 'error' */
  failOn?: Severity | 'never'
  /** More warnings than this fail too, unless nothing does. @default any number may be there */
  maxWarnings?: number | undefined
  /** What the project file says: weights, ignored files, sanctioned names. */
  policy?: PolicyOptions
  /** Findings that are known; `path` is absolute, `name` what the reader calls it. */
  baseline?: { name: string; path: string; update: boolean } | undefined
  /** Report only findings in code that changed since then, see `readChanges`; empty: since the default branch. */
  changedSince?: string | undefined
  /** The kinds of key that are declared, for R12. @default none */
  families?: readonly KeyFamily[]
  /** Mend what can be mended without a doubt, or `show` what would be done. */
  fix?: 'write' | 'show' | undefined
  /** @default the working directory */
  cwd?: string
  /** Aborted: what was found so far is returned, as inconclusive. */
  signal?: AbortSignal
  onEvent?(event: AuditEvent): void
}

export type AuditEvent = { type: 'reading' } | { type: 'judging'; files: number }

/**
 * Applies the rules to the source code below the paths. Findings come in one order for the same code, whatever is
 * installed beside it: node_modules is not read.
 *
 * @throws UsageError for a path that is no file or directory, a rule that is none, a baseline that is none, or changes that cannot be
 * told; any other error is a bug of the audit, with the rule and file in its message
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const first = await once(options)
  const { fix, cwd = process.cwd() } = options
  if (fix === undefined) return first.report
  return await mended(first, { cwd, write: fix === 'write', again: () => once(options) })
}

async function once(options: AuditOptions): Promise<Audited> {
  const run = await begun(options)
  const { collected, read, isPartial } = await judged(run, options)
  const { failOn = 'error', maxWarnings = null, paths, cwd = process.cwd() } = options
  const { selected, off, places, changes, root } = run
  const compared = withBaseline(collected, {
    baseline: run.baseline,
    update: options.baseline?.update === true && !isPartial,
    scope: { root, rules: selected, read },
  })
  const report = reportOf({
    paths,
    cwd,
    failOn,
    maxWarnings,
    selected,
    off,
    read,
    isPartial,
    places,
    collected,
    changes,
    ...compared,
  })
  const open = collected.found.filter(
    ({ finding, isChanged }) => isChanged && !compared.known.has(finding.fingerprint),
  )
  return { report, open: isPartial ? [] : open }
}

interface Run {
  selected: readonly Rule[]
  off: readonly string[]
  policy: Policy
  baseline: Baseline | undefined
  changes: Changes | undefined
  root: string
  places: Places
}

/** All that can be wrong with what was asked for is told before anything is read. */
async function begun(options: AuditOptions): Promise<Run> {
  const { paths, cwd = process.cwd(), signal, changedSince } = options
  const asked = selectRules(options.rules)
  const policy = new Policy(options.policy ?? {}, {
    cwd,
    named: options.rules === undefined ? [] : asked.map(({ id }) => id),
    known: rules.map(({ id }) => id),
  })
  const hint = changedSince === '' ? ['--since REF for another commit than the usual one'] : []
  for (const path of paths) mustBeReadable(path, cwd, hint)
  return {
    selected: asked.filter((rule) => !policy.isOff(rule)),
    off: asked.filter((rule) => policy.isOff(rule)).map(({ id }) => id),
    policy,
    baseline: options.baseline && readBaseline(options.baseline),
    changes: changedSince === undefined ? undefined : await readChanges(changedSince, { paths, cwd, signal }),
    root: repositoryOf(cwd),
    places: new Places(cwd),
  }
}

async function judged(
  { selected, policy, changes, root, places }: Run,
  { paths, families, cwd = process.cwd(), signal, onEvent }: AuditOptions,
): Promise<{ collected: Collected; read: Read; isPartial: boolean }> {
  onEvent?.({ type: 'reading' })
  const collected = new Collected({ places, fromRoot: new Places(root), policy, changes })
  const project = await opened(paths, { cwd, policy, signal })
  if (!project) return { collected, read: NOTHING_READ, isPartial: true }
  const context = contextOf(project, families)
  onEvent?.({ type: 'judging', files: project.sources.length })
  for (const file of project.sources) {
    await setImmediate()
    if (signal?.aborted) break
    collected.add(file, selected, context)
  }
  return { collected, read: project, isPartial: signal?.aborted ?? false }
}

/** The project; undefined when the signal came first. */
async function opened(
  paths: string[],
  { cwd, policy, signal }: { cwd: string; policy: Policy; signal: AbortSignal | undefined },
): Promise<Project | undefined> {
  const reading = readProject(paths, cwd, (file) => policy.isIgnored(file))
  for (;;) {
    // A turn of the event loop per file: Ctrl-C must be heard.
    await setImmediate()
    if (signal?.aborted) return undefined
    const { done, value } = reading.next()
    if (done) return value
  }
}
