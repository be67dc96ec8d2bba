import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { AuditReport, Severity } from '../report/audit-report.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { Collected } from './collected.js'
import { NOTHING_READ, readProject, type Project } from './project/project.js'
import { contextOf } from './context.js'
import type { Rule } from './rule.js'
import { rules } from './rules/index.js'

export interface AuditOptions {
  /** Files or directories, relative to `cwd`. */
  paths: string[]
  /** Ids of the rules to apply. @default all */
  rules?: string[] | undefined
  /** The least severity that makes the verdict fail. @default 'error' */
  failOn?: Severity | 'never'
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
 * @throws UsageError for a path that is no file or directory, or a rule that is none; any other error is a bug of the audit, with
 * the rule and file in its message
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { paths, failOn = 'error', cwd = process.cwd(), signal, onEvent } = options
  const selected = selectRules(options.rules)
  for (const path of paths) mustBeReadable(path, cwd)

  onEvent?.({ type: 'reading' })
  const collected = new Collected(cwd)
  const project = await opened(paths, cwd, signal)
  if (!project) return collected.report({ paths, failOn, selected, read: NOTHING_READ, isPartial: true })
  const context = contextOf(project)
  onEvent?.({ type: 'judging', files: project.sources.length })
  for (const file of project.sources) {
    await setImmediate()
    if (signal?.aborted) break
    collected.add(file, selected, context)
  }
  return collected.report({ paths, failOn, selected, read: project, isPartial: signal?.aborted ?? false })
}

/** The project; undefined when the signal came first. */
async function opened(paths: string[], cwd: string, signal?: AbortSignal): Promise<Project | undefined> {
  const reading = readProject(paths, cwd)
  for (;;) {
    // A turn of the event loop per file: Ctrl-C must be heard.
    await setImmediate()
    if (signal?.aborted) return undefined
    const { done, value } = reading.next()
    if (done) return value
  }
}

function selectRules(ids: string[] | undefined): readonly Rule[] {
  if (!ids || ids.length === 0) return rules
  const named = ids.map((id) => {
    const rule = rules.find((each) => each.id === id.toUpperCase())
    if (rule) return rule
    const known = rules.map((each) => each.id)
    const meant = nearest(id, known)
    throw new UsageError('UNKNOWN_RULE', `'${id}' is no rule.`, [
      meant ? `--rule ${meant}` : `one of ${known.join(', ')}`,
    ])
  })
  return [...new Set(named)]
}

function mustBeReadable(path: string, cwd: string): void {
  if (path === '') {
    throw new UsageError('EMPTY_PATH', 'A path is empty; perhaps a variable was not set.', [
      "'.' for the working directory",
    ])
  }
  const stat = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (!stat) throw new UsageError('NO_SUCH_PATH', `There is no file or directory '${path}'.`)
  if (stat.isFile() || stat.isDirectory()) return
  throw new UsageError('NO_FILE', `'${path}' is neither a file nor a directory.`)
}
