import ts from 'typescript'
import { errorValueOf } from '../../recognise/handling/error-values.js'
import { tells } from '../../recognise/telling.js'
import type { RuleContext } from '../../rule.js'
import { above, all, isWithin } from '../../syntax.js'
import type { Result } from './settled.js'

/** `const [error, value] = await to(redis.get(key))`: the failure is a value, which may be looked at. */
export function errorValuesIn(file: ts.SourceFile, context: RuleContext): Result[] {
  return all(file, ts.isVariableDeclaration).flatMap((node): Result[] => {
    const value = errorValueOf(node, context)
    const operation = value?.operations[0]
    if (!value || !operation) return []
    const isTold = value.error !== 'left out' && isLookedAt(value.error, context)
    return [{ node: node.name, operation, isTold }]
  })
}

/** It is logged, thrown or handed on, and not only asked about. */
function isLookedAt(error: ts.Identifier, { references, project }: RuleContext): boolean {
  return references.to(error.parent as ts.NamedDeclaration).some((use) => {
    const branch = above(use, ts.isIfStatement)
    const choice = above(use, ts.isConditionalExpression)
    if (branch && isWithin(use, branch.expression)) {
      const { thenStatement, elseStatement } = branch
      return [thenStatement, elseStatement].some((each) => each && tells(each, project, error))
    }
    return !(choice && isWithin(use, choice.condition))
  })
}
