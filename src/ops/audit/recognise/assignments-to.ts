import type ts from 'typescript'
import { all, isAssignment, lastName } from '../syntax.js'

const known = new WeakMap<ts.SourceFile, ReadonlyMap<string, ts.BinaryExpression[]>>()

/** The assignments of a file to whatever goes by a name: variables, fields and members alike. */
export function assignmentsTo(name: string, file: ts.SourceFile): readonly ts.BinaryExpression[] {
  const byName = known.get(file) ?? byNameIn(file)
  known.set(file, byName)
  return byName.get(name) ?? []
}

function byNameIn(file: ts.SourceFile): ReadonlyMap<string, ts.BinaryExpression[]> {
  const byName = new Map<string, ts.BinaryExpression[]>()
  for (const each of all(file, isAssignment)) {
    const name = lastName(each.left)
    const alike = byName.get(name)
    if (alike) alike.push(each)
    else byName.set(name, [each])
  }
  return byName
}
