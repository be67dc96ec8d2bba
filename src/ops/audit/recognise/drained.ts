import ts from 'typescript'
import { above, all, bare, isFunction, lastName } from '../syntax.js'

// Whoever takes an element out of a collection has the only one.
const TAKES = /^(?:spop|lpop|rpop|lmpop|zmpop|zpopmin|zpopmax|lmove|rpoplpush)$/i
const READS_LIST = /^lrange$/i
const EMPTIES = /^(?:del|unlink|ltrim)$/i
const FILLS = /^[lr]pushx?$/i

/**
 * Calls that take out what a collection holds: events have put it there, and no source has it a second time. A list that
 * is read and then removed is drained too, also in a pipeline.
 */
export function drainsIn(file: ts.SourceFile): ts.CallExpression[] {
  return all(file, ts.isCallExpression).filter((call) => {
    const method = lastName(call.expression)
    if (call.arguments.length === 0 || !ts.isPropertyAccessExpression(bare(call.expression))) return false
    return TAKES.test(method) || (READS_LIST.test(method) && isEmptiedAfter(call))
  })
}

/** `multi().lrange(key, 0, -1).del(key)`, `await redis.lrange(key, 0, -1); await redis.del(key)`, and nothing is put back. */
function isEmptiedAfter(read: ts.CallExpression): boolean {
  const scope = above(read, isFunction)?.body ?? read.getSourceFile()
  const key = read.arguments[0]?.getText()
  const same = all(scope, ts.isCallExpression).filter((each) => each.arguments[0]?.getText() === key)
  const isEmptied = same.some((each) => EMPTIES.test(lastName(each.expression)) && each.end > read.end)
  return isEmptied && !same.some((each) => FILLS.test(lastName(each.expression)))
}
