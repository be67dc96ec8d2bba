import type ts from 'typescript'
import { hasRandomKey } from '../recognise/found-nowhere-else.js'
import { identifierIn, isEndless, isGeneric, isGrowing } from '../recognise/identifiers.js'
import { growingStoresIn, type ProcessStore } from '../recognise/process-stores.js'
import type { StoreUse } from '../recognise/store-uses.js'
import { sharedBecause } from '../recognise/shared-state.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { lastName } from '../syntax.js'
import { boundOf } from './r13/bounds.js'

/** R13: what grows with users or tenants has a bound in the process. */
export const boundedCollections: Rule = {
  id: 'R13',
  title: 'no unbounded collection per user or tenant in the process',
  severity: 'warn',
  confidence: 'medium',
  *check(file, context) {
    if (!servesMany(file, context)) return
    for (const store of growingStoresIn(file, context)) yield* ofStore(store, context)
  },
}

function* ofStore(store: ProcessStore, context: RuleContext): Generator<Judgement> {
  const identifier = growsWith(store, context)
  if (identifier === undefined) return
  const bound = boundOf(store, context)
  if (bound !== undefined) {
    yield { node: store.declaration, site: 'conforms', what: `${store.name}: ${bound}` }
    return
  }
  yield {
    node: store.declaration,
    message: `${store.name} gets an entry per \`${identifier}\` and nothing takes them out: the process grows with everyone who was ever there, the faster the more of them come while Redis is away, until it is out of memory.`,
    remedy:
      'Keep it in Redis with a TTL, or give it a bound: a maximum size, a sweep on a timer, or a `delete` in the `finally` of the work.',
  }
}

// `Map<InjectionToken, …>`: of what the code itself is made of there are few.
const KEYED_BY_CODE =
  /\b(?:Map|Set)<\s*(?:InjectionToken|symbol|Function|(?:Abstract)?(?:Type|Constructor)\b)/

// What the code itself is loaded from.
const OF_CODE = /module|plugin|script|component/i

/** The identifier that a new entry is made for, once the module is loaded; undefined when entries are few. */
function growsWith(store: ProcessStore, context: RuleContext): string | undefined {
  if (KEYED_BY_CODE.test(store.declaration.getText())) return undefined
  for (const use of store.uses) {
    const entered = enteredBy(use)
    if (!entered || use.within === undefined) continue
    const found = identifierIn(entered, context)
    if (found !== undefined) return found
    if (use.args.length === 2 && hasRandomKey(use, context)) return entered.getText()
    if (isEndless(entered) && /cache|memo(?!r)|seen|dedup/i.test(store.name) && !OF_CODE.test(store.name))
      return entered.getText()
    if ((isGeneric(entered) || isEndless(entered)) && isOfManyKeys(store, context)) return entered.getText()
  }
  return undefined
}

/** By its name, as counts of those who are limited, or as a cache of whatever its callers ask for. */
function isOfManyKeys(store: ProcessStore, context: RuleContext): boolean {
  if (isGrowing(store.name)) return true
  const methods = new Set(store.uses.map(({ within }) => (within?.name ? lastName(within.name) : '')))
  const isCache = methods.has('get') && (methods.has('set') || methods.has('put'))
  return isCache || sharedBecause(store, context) === 'counts against a limit'
}

/** What tells a new entry from those that are there: the key, or what a set or list is given. */
function enteredBy({ method, args }: StoreUse): ts.Expression | undefined {
  return /^(?:set|add|push|unshift|\[\]=)$/.test(method) ? args[0] : undefined
}

/** A script ends, and a browser has one user. */
function servesMany(file: ts.SourceFile, { project }: RuleContext): boolean {
  const path = project.pathOf(file)
  const isScript = /(?:^|\/)(?:scripts?|seeds?|bin|cli|migrations?(?=\/\d))\//.test(path)
  const isOfBrowser =
    /(?:^|\/)(?:frontend|components|hooks)\//.test(path) ||
    /^\s*['"]use client['"]/.test(file.text) ||
    /\b(?:useRef|useEffect|useState|FileReader)\b/.test(file.text)
  return !isScript && !file.text.startsWith('#!') && !isOfBrowser
}
