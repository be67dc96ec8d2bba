import ts from 'typescript'
import { isBacked } from '../../recognise/kinds.js'
import type { RuleContext, Violation } from '../../rule.js'
import { bare, isNull, own, symbolOf, type FunctionNode } from '../../syntax.js'
import { fallbackAt } from './choices.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'

const NAMES_MEMORY = /memory|^mem|in_?process|fallback/i
const OF_BACKEND = /redis|valkey|upstash/i

/** `if (!url) return memoryStore`: it was made elsewhere, where it stood in for nothing yet. */
export function* returnedMemory(
  node: FunctionNode,
  { products, project }: RuleContext,
): Generator<Violation> {
  if (!ts.isBlock(node.body) || !OF_BACKEND.test(node.body.getText())) return
  const answers = own(node.body, ts.isReturnStatement).flatMap(({ expression }) =>
    expression && !isNull(bare(expression)) ? [bare(expression)] : [],
  )
  const kept = answers.filter((each) => ts.isIdentifier(each) && NAMES_MEMORY.test(each.text))
  // Of an object over a collection of the same file, it is the collection that is told of.
  const memories = kept.filter((each) => {
    const declaration = project.declarationOf(each)
    const made = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    if (!made || ts.isObjectLiteralExpression(bare(made))) return false
    const kinds = products.of(each).filter(({ kind }) => kind !== 'null')
    return kinds.length > 0 && kinds.every(({ kind }) => kind === 'memory')
  })
  if (memories.length === 0) return
  const isOther = answers.some(
    (each) =>
      !kept.includes(each) &&
      (ts.isObjectLiteralExpression(each) || products.of(each).some(({ kind }) => isBacked(kind))),
  )
  if (!isOther) return
  for (const each of memories)
    if (!isDeclaredChoice(each, node) && !isForTests(each, node))
      yield fallbackAt(each, symbolOf(node) || 'This factory')
}
