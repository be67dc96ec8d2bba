import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import type { Rule } from './rule.js'
import { rules } from './rules/index.js'

/** The rules of that name, or all of them. */
export function selectRules(ids: string[] | undefined): readonly Rule[] {
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

/** @throws UsageError for a path that leads to no file and no directory */
export function mustBeReadable(path: string, cwd: string, suggestions: string[]): void {
  if (path === '') {
    throw new UsageError('EMPTY_PATH', 'A path is empty; perhaps a variable was not set.', [
      "'.' for the working directory",
    ])
  }
  const stat = statSync(resolve(cwd, path), { throwIfNoEntry: false })
  if (!stat) throw new UsageError('NO_SUCH_PATH', `There is no file or directory '${path}'.`, suggestions)
  if (stat.isFile() || stat.isDirectory()) return
  throw new UsageError('NO_FILE', `'${path}' is neither a file nor a directory.`)
}
