import ts from 'typescript'
import { callAt } from '../../recognise/callees.js'
import { fateOf } from '../../recognise/fates.js'
import { usesOf } from '../../recognise/handling/callers.js'
import { failsOnMiss, topicsOf } from '../../recognise/no-other-home.js'
import type { Operation } from '../../recognise/operations.js'
import { otherWaitsIn } from '../../recognise/other-waits.js'
import type { RuleContext } from '../../rule.js'
import { above, all, bare, isFunction, isNull, lastName, type FunctionNode } from '../../syntax.js'

const READS = /^(?:get|hget|hgetall|json\.get)$/i
const LISTS = /^(?:scan|keys|zrange\w*|zrevrange\w*)$/i
// What is done with a list of answers before it is given out.
const SHAPES = /^(?:map|flatMap|filter|slice|sort|reverse|concat|flat|json|parse|Number|parseInt)$/
const READS_EACH = /^(?:get|mget|hget|hgetall|json\.get)$/i

/** What is read has no second source: whoever reads it can but fail. */
export function hasNoFallback(operation: Operation, context: RuleContext): boolean {
  const { call, kind, through } = operation
  if (kind !== 'client' || through || fateOf(call, context.project) === 'dropped') return false
  const around = above(call, isFunction)
  if (!around) return false
  return isCheckedByCallers(operation, around, context) || isOfEnumeration(around, context)
}

/** `getTokenOf(id)` gives out what is there, and all who ask for it refuse what differs from it. */
function isCheckedByCallers(
  { call, method }: Operation,
  around: FunctionNode,
  context: RuleContext,
): boolean {
  if (!READS.test(method) || topicsOf(call).length === 0) return false
  const isAll = context.operations.within(around.body).length === 1
  if (!isAll || fateOf(call, context.project) !== 'returned') return false
  const asked = usesOf(around, context).map(callAt)
  return asked.length > 0 && asked.every((each) => ts.isCallExpression(each) && failsOnMiss(each))
}

/**
 * It lists keys and answers with what is under each: nobody serves a part of the data because only that part is cached. Who
 * says that there was nothing has it fetched elsewhere.
 */
function isOfEnumeration({ body }: FunctionNode, { operations, products }: RuleContext): boolean {
  const asked = operations.within(body)
  const lists = asked.filter(({ method }) => LISTS.test(method))
  if (lists.length === 0 || !asked.every(({ kind }) => kind === 'client')) return false
  if (otherWaitsIn(body, asked, products).length > 0) return false
  return (
    !all(body, ts.isReturnStatement).some(sendsElsewhere) &&
    all(body, ts.isForOfStatement).some(
      ({ initializer, statement }) =>
        ts.isVariableDeclarationList(initializer) &&
        all(statement, ts.isCallExpression).some(
          ({ expression, arguments: given }) =>
            READS_EACH.test(lastName(expression)) &&
            given[0]?.getText() === initializer.declarations[0]?.name.getText(),
        ) &&
        all(statement, ts.isCallExpression).some(({ expression }) => lastName(expression) === 'push'),
    )
  )
}

/** `return null`, `return rooms.length > 0 ? rooms : load()`. */
function sendsElsewhere({ expression }: ts.ReturnStatement): boolean {
  if (expression === undefined || isNull(bare(expression))) return true
  return all(expression, ts.isCallExpression).some((call) => !SHAPES.test(lastName(call.expression)))
}
