import { relative, resolve, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { WhyReport } from '../report/why-report.js'
import { Policy, type PolicyOptions } from './adoption/policy.js'
import { mustBeReadable, selectRules } from './asked.js'
import { contextOf } from './context.js'
import type { KeyFamily } from './families.js'
import { readProject, type Project } from './project/project.js'
import { rules as everyRule } from './rules/index.js'
import { askedPlace, type AskedPlace } from './why/asked-place.js'
import { saidOf } from './why/said.js'
import { leftOutOf, pathsAround } from './why/what-is-read.js'

export interface WhyOptions {
  /** `FILE:LINE`, relative to `cwd`. */
  place: string
  /** What an audit would read; for a file outside of them its own package is read. */
  paths: string[]
  /** Ids of the rules to apply. @default all that the policy does not switch off */
  rules?: string[] | undefined
  policy?: PolicyOptions
  families?: readonly KeyFamily[]
  /** @default the working directory */
  cwd?: string
  /** Aborted: nothing is said, as inconclusive. */
  signal?: AbortSignal
}

const WORDLESS = 'nothing in it speaks of caching, so that it is not parsed'

/**
 * What the audit believes of one line: its names, its operations, whose code it is, and what each rule said there.
 *
 * @throws UsageError for a place, a path or a rule that is none
 */
export async function why(options: WhyOptions): Promise<WhyReport> {
  const { cwd = process.cwd(), families, signal } = options
  const selected = selectRules(options.rules)
  for (const path of options.paths) mustBeReadable(path, cwd, [])
  const asked = askedPlace(options.place, cwd)
  const policy = new Policy(options.policy ?? {}, {
    cwd,
    named: options.rules === undefined ? [] : selected.map(({ id }) => id),
    known: everyRule.map(({ id }) => id),
  })
  const given = options.paths.map((path) => resolve(cwd, path))
  const paths = pathsAround(asked.file, given)
  const report = blankReport(asked, cwd)
  const project = await opened([...paths, asked.file], cwd, signal)
  if (!project) return { ...report, verdict: 'inconclusive' }
  const problem = project.problems.find(({ file, source }) => file === asked.file && source === undefined)
  if (problem) {
    return { ...report, verdict: problem.isUnjudged ? 'inconclusive' : 'pass', leftOut: problem.message }
  }
  const leftOut = policy.isIgnored(asked.file)
    ? 'the project file says that it is ignored'
    : (leftOutOf(paths, asked.file) ?? null)
  const file = project.sources.find(({ fileName }) => fileName === asked.file)
  if (!file) return { ...report, leftOut: leftOut ?? WORDLESS }
  const context = contextOf(project, families)
  return {
    ...report,
    leftOut,
    ...saidOf({ file, line: asked.line, selected, policy, context, project, cwd }),
  }
}

function blankReport({ file, line }: AskedPlace, cwd: string): WhyReport {
  return {
    schema: 'cache.audit-why/1',
    command: 'audit',
    verdict: 'pass',
    file: relative(cwd, file).split(sep).join('/'),
    line,
    frame: { from: line, lines: [] },
    leftOut: null,
    role: null,
    things: [],
    operations: [],
    findings: [],
    accepted: [],
    sites: [],
    problems: [],
    silent: [],
    off: [],
  }
}

/** The project; undefined when the signal came first. */
async function opened(
  paths: string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<Project | undefined> {
  const reading = readProject(paths, cwd)
  for (;;) {
    // A turn of the event loop per file: Ctrl-C must be heard.
    await setImmediate()
    if (signal?.aborted) return undefined
    const { done, value } = reading.next()
    if (done) return value
  }
}
