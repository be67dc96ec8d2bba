import type { BaselineReport } from '../../report/audit-report.js'
import type { Collected } from '../collected.js'
import { Places } from '../places.js'
import type { Read } from '../project/project.js'
import type { Rule } from '../rule.js'
import { writeBaseline, type Baseline } from './baseline.js'
import { compare, updated } from './since-baseline.js'

/** What the baseline knows of the findings; with `update` it is written anew first, and knows them all. */
export function withBaseline(
  { found }: Collected,
  of: {
    baseline: Baseline | undefined
    update: boolean
    scope: { root: string; rules: readonly Rule[]; read: Read }
  },
): { known: ReadonlySet<string>; baseline: BaselineReport | null } {
  const { baseline, update, scope } = of
  if (!baseline) return { known: new Set(), baseline: null }
  const identities = found.map(({ identity }) => identity)
  const compared = compare(baseline, identities, {
    root: scope.root,
    rules: new Set(scope.rules.map(({ id }) => id)),
    files: judgedFiles(scope.root, scope.read),
  })
  const { name: file } = baseline
  const notLookedAt = compared.notLookedAt.length
  if (!update)
    return { known: compared.known, baseline: { file, fixed: compared.fixed, notLookedAt, written: null } }
  const { entries, written } = updated(identities, baseline, compared)
  writeBaseline(baseline.path, entries)
  return {
    known: new Set(identities.map(({ fingerprint }) => fingerprint)),
    baseline: { file, fixed: [], notLookedAt, written },
  }
}

function judgedFiles(root: string, { files, problems }: Read): ReadonlySet<string> {
  const unjudged = new Set(problems.filter(({ isUnjudged }) => isUnjudged).map(({ file }) => file))
  const fromRoot = new Places(root)
  return new Set(files.filter((file) => !unjudged.has(file)).map((file) => fromRoot.name(file)))
}
