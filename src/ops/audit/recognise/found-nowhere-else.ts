import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { all, bare, isAssignment, lastName } from '../syntax.js'
import { isHandle, type ProcessStore } from './process-stores.js'
import { writes, type StoreUse } from './store-uses.js'

const RANDOM =
  /^(?:randomUUID|uuid\w*|v[47]|nanoid|randomBytes|createId|cuid2?|ulid|newId|getRandomValues|random|(?:generate|make|create|new|next)\w*(?:Id|Token|Code|Key|State|Nonce|Challenge|Uuid|UUID))$/
// What is known by such a key in one process alone.
const OWN =
  /cache|memo(?!r)|listener|subscri|client|connection|socket|stream|timer|observer|watcher|instance|registr|callback|handler|flight|resolver|span|trace|transport|worker|process|peer|browser|page|context|pending(?:Requests?|Calls?|Commands?|Acks?)|element|node|component|plugin|hook|route|undo/i
const HANDLES =
  /controller|socket|stream|resolve|reject|timer|timeout|interval|process|child|worker|^ws$|client|transport|abort|emitter|callback|handler|listener|subscri|browser|^page$|promise|instance|^res$|response|cleanup|dispose|unsubscribe|^fn$/i
// Written down elsewhere too: what is here is a copy.
const PERSISTS =
  /\bawait\s+[\w.!?()\s]*\.(?:save|insert\w*|create\w*|upsert|persist|insertOne|set|setex|hset|put|write\w*|add)\(/

/** Its keys are made here at random, and another function looks one up: no source has it, and no other instance finds it. */
export function isFoundNowhereElse(store: ProcessStore, context: RuleContext): boolean {
  if (OWN.test(store.name) || OWN.test(store.declaration.getSourceFile().fileName.split('/').at(-1) ?? ''))
    return false
  if (/^\s*['"]use client['"]/.test(store.declaration.getSourceFile().text)) return false
  const writing = store.uses.filter((use) => writes(use) && use.args.length === 2)
  if (writing.some(({ args: [, value] }) => value !== undefined && holdsOwn(value, context))) return false
  const made = writing.filter((use) => hasRandomKey(use, context) && !isWrittenDown(use))
  const writers = new Set(writing.map(({ within }) => within))
  return (
    made.length > 0 &&
    store.uses.some(
      ({ method, within }) => /^(?:get|\[\])$/.test(method) && within !== undefined && !writers.has(within),
    )
  )
}

/** `const id = randomUUID()`, `job.id` of `const job = { id: nanoid() }`, `` `job_${Date.now()}` ``. */
export function hasRandomKey({ args: [key], within }: StoreUse, { project }: RuleContext): boolean {
  return key !== undefined && within !== undefined && isRandom(key, 0)

  function isRandom(node: ts.Expression, depth: number): boolean {
    const value = bare(node)
    if (all(value, ts.isCallExpression).some(({ expression }) => RANDOM.test(lastName(expression))))
      return true
    if (ts.isTemplateExpression(value) && /Date\.now\(\)/.test(value.getText())) return true
    if (depth > 2) return false
    return all(value, ts.isIdentifier).some((name) => {
      const declaration = project.declarationOf(name)
      const isLocal =
        declaration &&
        ts.isVariableDeclaration(declaration) &&
        declaration.pos > within!.pos &&
        declaration.end <= within!.end
      const made = isLocal && declaration.initializer ? bare(declaration.initializer) : undefined
      if (!made) return false
      const member =
        ts.isPropertyAccessExpression(name.parent) && name.parent.expression === name
          ? name.parent.name.text
          : undefined
      if (!ts.isObjectLiteralExpression(made)) return member === undefined && isRandom(made, depth + 1)
      const property = made.properties.find((each) => each.name?.getText() === member)
      if (property && ts.isPropertyAssignment(property)) return isRandom(property.initializer, depth + 1)
      return (
        property !== undefined &&
        ts.isShorthandPropertyAssignment(property) &&
        member !== undefined &&
        isRandom(property.name, depth + 1)
      )
    })
  }
}

/** A moment, an object that was made here, or a record with one in it. */
function holdsOwn(node: ts.Expression, { project }: RuleContext): boolean {
  let value = bare(node)
  const declaration = ts.isIdentifier(value) ? project.declarationOf(value) : undefined
  if (declaration && ts.isParameter(declaration)) return false
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    value = bare(declaration.initializer)
  if (
    isHandle(value) ||
    /^(?:now|Date\.now\(\)|new Date\(\)|performance\.now\(\)|true)$/.test(value.getText())
  )
    return true
  if (!ts.isObjectLiteralExpression(value)) return false
  return value.properties.some((each) => {
    if (HANDLES.test(each.name?.getText() ?? '')) return true
    return (
      ts.isPropertyAssignment(each) &&
      (ts.isFunctionLike(bare(each.initializer)) ||
        (isHandle(each.initializer) && !/^new (?:Date|Map|Set|Array)\b/.test(each.initializer.getText())))
    )
  })
}

function isWrittenDown({ within, node }: StoreUse): boolean {
  const text = within?.getText() ?? ''
  return PERSISTS.test(text) && !isAssignment(node.parent)
}
