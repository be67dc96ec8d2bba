import ts from 'typescript'
import type { Project } from '../project/project.js'
import { all } from '../syntax.js'

// What only this process can use: connections, timers, promises, functions. It cannot be shared, so it is not misplaced.
const HANDLE =
  /Promise|=>|WeakRef|Function|Transport|Socket|Connection|Client|Stream|Server|Controller|Agent|Worker|Browser|Process|Timeout|Timer|Response|Emitter|Instance|Queue|Subscri|Listener|Handler|Callback|Abort/
// Of a member only what can be nothing else: data may well have a field for an agent or a response.
const HELD = /(?:Transport|Socket|Stream|Server|AbortController|Worker|Browser|ChildProcess|Emitter)$/

/** Whether a type says that it holds what only this process can use: by its own name, or by a member's. */
export function holdsHandle(type: ts.TypeNode, project: Project): boolean {
  if (HANDLE.test(type.getText())) return true
  return all(type, ts.isTypeReferenceNode).some(({ typeName }) => {
    const declaration = ts.isIdentifier(typeName) ? project.declarationOf(typeName) : undefined
    return declaration !== undefined && membersOf(declaration).some(isHeld)
  })
}

function membersOf(declaration: ts.Node): readonly ts.TypeElement[] {
  if (ts.isInterfaceDeclaration(declaration)) return declaration.members
  const isLiteral = ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)
  return isLiteral ? (declaration.type as ts.TypeLiteralNode).members : []
}

function isHeld(member: ts.TypeElement): boolean {
  return (
    ts.isPropertySignature(member) &&
    member.type !== undefined &&
    ts.isTypeReferenceNode(member.type) &&
    HELD.test(member.type.typeName.getText())
  )
}
