import ts from 'typescript'
import { keyWordsOf } from '../recognise/key-words.js'
import type { Rule, RuleContext } from '../rule.js'
import { above, all, isFunction, isWithin, type FunctionNode } from '../syntax.js'
import { cacheReadsIn, type CacheRead } from './r19/hits.js'
import { isScoped, permissionChecksIn, type PermissionCheck } from './r19/permission.js'

/** R19: who may see a thing is asked on a hit as on a miss. */
export const hitChecked: Rule = {
  id: 'R19',
  title: 'a cache hit goes through the permission check',
  severity: 'error',
  confidence: 'medium',
  *check(file, context) {
    for (const read of cacheReadsIn(file, context)) {
      const fn = outermost(read.call)
      if (!fn) continue
      const checks = permissionChecksIn(fn.body)
      const skipped = checks.find(({ node }) => read.missOnly.some((part) => isWithin(node, part)))
      if (!skipped) continue
      const elsewhere = checks.some(({ node }) => !read.missOnly.some((part) => isWithin(node, part)))
      if (elsewhere || looksAtOwner(read) || isScoped(wordsOfKey(read, context), skipped.subject)) {
        yield {
          node: read.call,
          site: 'conforms',
          what: 'a hit is checked as well, or its key is the caller’s own',
        }
      } else yield violation(read, skipped)
    }
  },
}

function violation(read: CacheRead, skipped: PermissionCheck) {
  return {
    node: read.call,
    message:
      'A hit is returned without the permission check that a miss goes through: once somebody who may see it has put it into the cache, everybody gets it, and a right that was taken away still works.',
    remedy:
      'Cache the record below the check: read it from the cache or the store first, then check on every call.',
    related: [{ node: skipped.node, what: 'the check that only a miss goes through' }],
  }
}

/** The function that answers: a loader belongs to the one that it is passed in. */
function outermost(node: ts.Node): FunctionNode | undefined {
  return above(node, isFunction)
}

/** `if (cached && cached.tenantId === tenantId) return cached`. */
function looksAtOwner({ call, hit }: CacheRead): boolean {
  const condition = ts.isIfStatement(hit.parent) ? hit.parent.expression : undefined
  const looked = [hit, ...(condition ? [condition] : [])]
  return (
    hit !== call &&
    looked.some((each) =>
      all(each, ts.isBinaryExpression).some(
        ({ right, left }) =>
          /(?:tenant|user|owner|org\w*|workspace|team)_?id$/i.test(left.getText()) ||
          /(?:tenant|user|owner|org\w*|workspace|team)_?id$/i.test(right.getText()),
      ),
    )
  )
}

function wordsOfKey({ call }: CacheRead, context: RuleContext): string[] {
  const [key] = call.arguments.filter((each) => !isFunction(each))
  const { literal, makers, values } = keyWordsOf(key ? [key] : [], context)
  return [...makers, ...values, ...argumentWords(key), ...literal.filter((word) => word === 'me')]
}

/** What a builder of keys is given, whatever it makes of it. */
function argumentWords(key: ts.Expression | undefined): string[] {
  return key ? all(key, ts.isIdentifier).flatMap(({ text }) => keyWords(text)) : []
}

function keyWords(text: string): string[] {
  return text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
}
