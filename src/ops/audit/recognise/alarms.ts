import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all, bare, functionAt, isWithin, nameOf } from '../syntax.js'
import { isLogging, isLoud, reports, saysFailure } from './failure-words.js'
import { namesOf } from './measuring.js'
import { isOfAnother } from './outage-paths.js'

// A function that is not told of the failure and does not say so itself, has it said by the next one or not at all.
const MAX_DEPTH_UNTOLD = 1

/**
 * Whether a function that knows nothing of the failure tells of it all the same. One that only gets the answer from
 * elsewhere does not: what it logs is its own affair, and so are the failures that it handles.
 */
export function alarms(body: ts.Node, project: Project, deeper = MAX_DEPTH_UNTOLD): boolean {
  const last = ts.isBlock(body) ? body.statements.at(-1) : undefined
  if (last && ts.isThrowStatement(last)) return true
  return all(body, ts.isCallExpression).some((call) => {
    if (isOfAnother(call, body)) return false
    const names = namesOf(call.expression)
    if (isLogging(names)) return isLoud(names) || saysFailure(call.getText())
    if (reports(call)) return true
    const declaration = deeper > 0 ? project.declarationOf(nameOf(bare(call.expression))) : undefined
    const callee = declaration && functionAt(declaration)
    return callee !== undefined && !isWithin(call, callee) && alarms(callee.body, project, deeper - 1)
  })
}
