import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import ts from 'typescript'
import type { AuditReport, Severity } from '../report/audit-report.js'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { Collected } from './collected.js'
import { openProject } from './project/project.js'
import { References } from './project/references.js'
import { Kinds } from './recognise/kinds.js'
import { Products } from './recognise/products.js'
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

/** Whether the installed `typescript` is one that the audit can use. */
export function hasCompilerApi(): boolean {
  return typeof ts.createProgram === 'function' && typeof ts.forEachChild === 'function'
}

/**
 * Applies the rules to the source code below the paths. Findings come in one order for the same code, whatever is
 * installed beside it: node_modules is not read.
 *
 * @throws UsageError for a path that does not exist or a rule that is none; any other error is a bug of the audit, with
 * the rule and file in its message
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { paths, failOn = 'error', cwd = process.cwd(), signal, onEvent } = options
  const selected = selectRules(options.rules)
  for (const path of paths) if (!existsSync(resolve(cwd, path))) throw noSuchPath(path)

  onEvent?.({ type: 'reading' })
  await setImmediate()
  const project = openProject(paths, cwd)
  const kinds = new Kinds(project)
  const context = {
    project,
    references: new References(project),
    kinds,
    products: new Products(project, kinds),
  }
  const collected = new Collected(cwd)
  onEvent?.({ type: 'judging', files: project.sources.length })
  for (const file of project.sources) {
    // A turn of the event loop per file: Ctrl-C must be heard.
    await setImmediate()
    if (signal?.aborted) break
    collected.add(file, selected, context)
  }
  return collected.report({ paths, failOn, selected, project, isPartial: signal?.aborted ?? false })
}

function selectRules(ids: string[] | undefined): readonly Rule[] {
  if (!ids || ids.length === 0) return rules
  return ids.map((id) => {
    const rule = rules.find((each) => each.id === id.toUpperCase())
    if (rule) return rule
    const known = rules.map((each) => each.id)
    const meant = nearest(id, known)
    throw new UsageError('UNKNOWN_RULE', `'${id}' is no rule.`, [
      meant ? `--rule ${meant}` : `one of ${known.join(', ')}`,
    ])
  })
}

function noSuchPath(path: string): UsageError {
  return new UsageError('NO_SUCH_PATH', `There is no file or directory '${path}'.`)
}
