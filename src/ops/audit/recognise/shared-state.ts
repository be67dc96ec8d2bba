import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { countsAgainstLimit } from './counting.js'
import { holderOf, holdsCredentials } from './credentials.js'
import { remembersDoing } from './done-before.js'
import { isFoundNowhereElse } from './found-nowhere-else.js'
import { holdsBack } from './holding-back.js'
import { wordsAround, type ProcessStore } from './process-stores.js'
import { isOnGlobal } from './store-values.js'
import { manages, reads } from './store-uses.js'
import { standsIn } from './stand-ins.js'
import { wordsOf } from './words.js'

/** Why the entries of a store belong to all instances of the service, not to one. */
export type SharedBecause =
  | 'counts against a limit'
  | 'says who must wait'
  | 'is a credential'
  | 'remembers what was done'
  | 'stands in for Redis'
  | 'belongs in Redis, as its comment says'
  | 'has no other home'

/** Why a store of this process holds state that all instances must share; undefined when it may stay where it is. */
export function sharedBecause(store: ProcessStore, context: RuleContext): SharedBecause | undefined {
  // Never written, or never read again: nobody can rely on it.
  if (!store.uses.some(manages) || !store.uses.some(reads) || isOwnView(store)) return undefined
  if (countsAgainstLimit(store, context)) return 'counts against a limit'
  if (holdsBack(store, context)) return 'says who must wait'
  if (holdsCredentials(store)) return 'is a credential'
  if (remembersDoing(store)) return 'remembers what was done'
  if (standsIn(store, context)) return 'stands in for Redis'
  if (isSaidToBelongElsewhere(store)) return 'belongs in Redis, as its comment says'
  if (isFoundNowhereElse(store, context)) return 'has no other home'
  return undefined
}

const SAYS_REDIS =
  /(?:use|replace\w*|switch|move|swap|migrate|should be|would be|back\w* by)\b[^.\n]{0,40}\b(?:redis|valkey|upstash)\b|\b(?:redis|valkey|upstash)\b[^.\n]{0,30}\bin(?: a)? prod/i

// A view of one process, or what is only offered: `use Redis if you want to share it`.
const MAY_STAY = /circuit|breaker|\bcache\b|\bif (?:you|we|it)\b|optional/i

/** `const jobs = new Map() // replace with Redis in production`. A cache may be left as it is all the same. */
function isSaidToBelongElsewhere({ declaration, name }: ProcessStore): boolean {
  if (/cache|memo(?!r)/i.test(name)) return false
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  const { text } = statement.getSourceFile()
  const above = text.slice(statement.getFullStart(), statement.getStart())
  const behind = /^[^\n]*/.exec(text.slice(statement.end))?.[0] ?? ''
  // The comment that is nearest: what stands further up speaks of the file.
  return [above.split(/\n\s*\n/).at(-1) ?? '', behind, aboveGlobal(declaration)].some(
    (said) => SAYS_REDIS.test(said) && !MAY_STAY.test(said),
  )
}

/** The comment above the `declare global` that gives it a type. */
function aboveGlobal(declaration: ts.Node): string {
  if (!ts.isExpression(declaration) || !isOnGlobal(declaration)) return ''
  const file = declaration.getSourceFile()
  const typed = file.statements.find(
    (each) => ts.isModuleDeclaration(each) && each.getText().includes(declaration.name.text),
  )
  return typed ? file.text.slice(typed.getFullStart(), typed.getStart()) : ''
}

// What one process has seen of a service, and how often it told somebody.
const VIEW = new Set(
  'circuit circuits breaker breakers metric metrics histogram histograms gauge gauges telemetry stats statistics'.split(
    ' ',
  ),
)
const TELLING = new Set(['alert', 'alerts', 'alerted', 'warn', 'warned', 'warning', 'warnings'])

/** The state of a circuit breaker; when an alert was last written. Each instance is right to have its own. */
function isOwnView(store: ProcessStore): boolean {
  const { declaration } = store
  const holder = holderOf(declaration)
  if (wordsOf(`${holder} ${store.name}`).some((word) => VIEW.has(word))) return true
  return remembersDoing(store) && wordsOf(wordsAround(store)).some((word) => TELLING.has(word))
}
