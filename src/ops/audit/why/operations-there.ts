import type ts from 'typescript'
import type { OperationThere } from '../../report/why-report.js'
import type { Places } from '../places.js'
import type { RuleContext } from '../rule.js'
import { nameNode } from '../syntax.js'
import { oneLine } from './made-because.js'

/** The operations whose call begins or is named on a line: chains are often broken before the method. */
export function operationsOn(
  file: ts.SourceFile,
  line: number,
  context: RuleContext,
  places: Places,
): OperationThere[] {
  return context.operations
    .in(file)
    .filter(({ call }) => {
      const { expression } = call
      const named = file.getLineAndCharacterOfPosition(expression.getEnd()).line + 1
      return places.of(call).line === line || named === line
    })
    .map((operation) => {
      const { call, kind, through } = operation
      return {
        ...places.of(call),
        call: oneLine(call.expression),
        on: kind,
        through: through ? places.of(nameNode(through)) : null,
        exempt: context.roles.ofOperation(operation).exemption ?? null,
      }
    })
}
