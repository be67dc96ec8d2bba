import ts from 'typescript'
import { processStoresIn } from '../recognise/process-stores.js'
import { sharedBecause, type SharedBecause } from '../recognise/shared-state.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { isSite } from '../rule.js'
import { all, isFunction } from '../syntax.js'
import { ofAssigned } from './r10/assigned.js'
import { authLimiter } from './r10/auth-limiter.js'
import { isChoice, isMember, ofChoice, ofFactory, ofInsurance, ofWrapper } from './r10/choices.js'
import { countedHere } from './r10/counted-here.js'
import { defaultsIn } from './r10/defaults.js'
import { loadedChoice } from './r10/loaded-choice.js'
import { memoryDriver } from './r10/memory-driver.js'
import { memoryLimiters } from './r10/memory-limiter.js'
import { REMEDY } from './r10/remedy.js'
import { returnedMemory } from './r10/returned-memory.js'
import { storeFactory } from './r10/store-factory.js'
import { storeSettings } from './r10/store-settings.js'
import { ofMiddleware } from './r10/store-option.js'

/** R10: what instances share is never kept in one of them, not even while Redis is away. */
export const noMemoryFallback: Rule = {
  id: 'R10',
  title: 'no in-memory fallback for distributed state',
  severity: 'error',
  confidence: 'high',
  *check(file, context) {
    // One place may be both a return of a factory and a choice.
    const seen = new Set<ts.Node>()
    for (const judgement of judgementsOf(file, context)) {
      if (!isSite(judgement) && seen.has(judgement.node)) continue
      if (!isSite(judgement)) seen.add(judgement.node)
      yield judgement
    }
  },
}

function* judgementsOf(file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  for (const call of all(file, ts.isCallExpression)) {
    yield* ofMiddleware(call, context)
    yield* memoryDriver(call, context)
    yield* authLimiter(call, context)
  }
  for (const node of all(file, isFunction)) {
    yield* ofFactory(node, context)
    yield* storeFactory(node, context)
    yield* returnedMemory(node, context)
    yield* storeSettings(node, context)
  }
  for (const root of [file, ...all(file, ts.isClassLike), ...all(file, isFunction)])
    yield* ofAssigned(root, context)
  for (const node of all(file, isChoice)) yield* ofChoice(node, context)
  for (const node of all(file, isMember)) yield* ofInsurance(node, context)
  for (const node of all(file, ts.isNewExpression)) yield* memoryLimiters(node, context)
  for (const node of [...all(file, ts.isIfStatement), ...all(file, ts.isConditionalExpression)])
    yield* loadedChoice(node, context)
  yield* defaultsIn(file, context)
  for (const store of processStoresIn(file, context)) {
    const because = sharedBecause(store, context)
    if (because) yield { node: store.declaration, message: messageOf(store.name, because), remedy: REMEDY }
  }
  yield* countedHere(file, context)
  for (const node of all(file, ts.isClassDeclaration)) yield* ofWrapper(node, context)
}

function messageOf(name: string, because: SharedBecause): string {
  const harm = {
    'counts against a limit': 'with n instances the limit is n times what it says, and a restart forgets it',
    'says who must wait': 'a request that reaches another instance, or comes after a restart, does not wait',
    'is a credential': 'a request that reaches another instance, or comes after a restart, does not find it',
    'remembers what was done': 'another instance, or this one after a restart, does it again',
    'stands in for Redis':
      'in an outage each instance answers from data of its own, which nobody invalidates',
    'belongs in Redis, as its comment says':
      'another instance does not find what this one knows, and a restart forgets it',
    'has no other home':
      'its keys are made here, so that a request that reaches another instance, or comes after a restart, does not find what it was told of',
  }[because]
  return `${name} is kept in this process and ${because}: ${harm}.`
}
