import type ts from 'typescript'
import type { RuleContext } from '../rule.js'

// Run by a person who watches it, or once: not while users wait. Tests that are not named as usual are among it.
const PLACES =
  /(?:^|\/)(?:__\w+__|scripts?|bin|cli|commands|tools?|tooling|migrations?|seeds?|seeders?|dev|devtools|testing|test-?utils?|playground)\/|[.-]\w*(?:test|spec)\.[cm]?[jt]sx?$/

/** Scripts, migrations and command lines. */
export function isOperatorCode(file: ts.SourceFile, { project }: RuleContext): boolean {
  return file.text.startsWith('#!') || PLACES.test(project.pathOf(file))
}
