import type ts from 'typescript'
import type { RuleContext } from '../rule.js'

// Run by a person who watches it, or once: not while users wait. Tests that are not named as usual are among it.
const PLACES =
  /(?:^|\/)(?:__\w+__|scripts?|bin|cli|commands|tools?|tooling|migrations?|seeds?|seeders?|dev|devtools|testing|test-?utils?|playground)\/|[.-]\w*(?:test|spec)\.[cm]?[jt]sx?$/

const prefixes = new WeakMap<RuleContext, string>()

/** Scripts, migrations and command lines, below the directory that all audited code has in common. */
export function isOperatorCode(file: ts.SourceFile, context: RuleContext): boolean {
  const root = prefixes.get(context) ?? commonDirectory(context.project.sources)
  prefixes.set(context, root)
  return file.text.startsWith('#!') || PLACES.test(file.fileName.slice(root.length))
}

function commonDirectory(sources: readonly ts.SourceFile[]): string {
  let common = sources[0]?.fileName ?? ''
  for (const { fileName } of sources) {
    while (!fileName.startsWith(common)) common = common.slice(0, -1)
  }
  return common.slice(0, common.lastIndexOf('/') + 1)
}
