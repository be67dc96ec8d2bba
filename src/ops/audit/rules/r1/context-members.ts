import ts from 'typescript'
import { carriedMembersIn } from '../../recognise/carried-members.js'
import type { Made } from '../../recognise/kinds.js'
import type { RuleContext } from '../../rule.js'
import { hasModifier, isPrivate } from '../../syntax.js'
import { nullableIn } from './nullable.js'

// What code is handed with each request or job, not what one function is called with.
const HANDED_AROUND = /(?:Context|Ctx|Container|Services|Locals)$/
const NAMES_BACKEND = /redis|valkey|upstash|cache|limit|throttl|kv|store|client/i

interface NullableMember {
  node: ts.Node
  name: string
  kind: Made
}

/** Members of a context, or of a class that others read, that may be nothing: `interface RequestContext { limiter: Limiter | null }`, `declare module 'fastify' { … }`. */
export function nullableMembersIn(file: ts.SourceFile, context: RuleContext): NullableMember[] {
  const members = [...carriedMembersIn(file), ...file.statements.flatMap(membersOf)]
  return members.flatMap((member) => {
    const { name, type } = member
    if (!type || !name || !NAMES_BACKEND.test(`${name.getText()} ${type.getText()}`)) return []
    const facts = context.project.typeOf(member)
    const found = nullableIn(facts, context)
    if (
      found &&
      ts.isPropertyDeclaration(member) &&
      !isHandedAround(member) &&
      !isReadElsewhere(member, context)
    )
      return []
    return found ? [{ node: name, name: name.getText(), kind: found.kind }] : []
  })
}

type Member = ts.PropertySignature | ts.PropertyDeclaration

function membersOf(statement: ts.Statement): Member[] {
  if (!hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return []
  if (ts.isClassDeclaration(statement)) return openAmong(statement.members)
  if (ts.isInterfaceDeclaration(statement))
    return HANDED_AROUND.test(statement.name.text) ? openAmong(statement.members) : []
  if (!ts.isTypeAliasDeclaration(statement) || !HANDED_AROUND.test(statement.name.text)) return []
  const parts = ts.isIntersectionTypeNode(statement.type) ? statement.type.types : [statement.type]
  return parts.flatMap((part) => (ts.isTypeLiteralNode(part) ? openAmong(part.members) : []))
}

function openAmong(members: Iterable<ts.ClassElement | ts.TypeElement>): Member[] {
  return [...members].filter(isOpen)
}

function isOpen(member: ts.ClassElement | ts.TypeElement): member is Member {
  return (
    ts.isPropertySignature(member) ||
    (ts.isPropertyDeclaration(member) &&
      !isPrivate(member) &&
      !hasModifier(member, ts.SyntaxKind.ProtectedKeyword))
  )
}

function isHandedAround({ parent }: ts.PropertyDeclaration): boolean {
  return HANDED_AROUND.test(parent.name?.text ?? '')
}

/** `redisSource.client` in other modules: a public field that they ask with is no affair of its class. */
function isReadElsewhere(member: ts.PropertyDeclaration, { references }: RuleContext): boolean {
  return references.to(member).some((use) => use.getSourceFile() !== member.getSourceFile())
}
