import ts from 'typescript'
import type { Project } from '../project/project.js'

/** A member that code adds to what a framework hands around. */
export type CarriedMember = ts.PropertySignature & { name: ts.Identifier; type: ts.TypeNode }

/**
 * What code declares that requests and server objects carry: `declare module 'fastify' { interface FastifyInstance { redis:
 * Redis | null } }`, `declare global { namespace Express { interface Request { … } } }`. The framework need not be installed.
 */
export function carriedMembersIn(file: ts.SourceFile): CarriedMember[] {
  return file.statements.flatMap((statement) => (isAugmentation(statement) ? membersBelow(statement) : []))
}

function isAugmentation(statement: ts.Statement): statement is ts.ModuleDeclaration {
  if (!ts.isModuleDeclaration(statement)) return false
  return ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0
}

function membersBelow(module: ts.ModuleDeclaration): CarriedMember[] {
  const { body } = module
  if (!body) return []
  if (ts.isModuleDeclaration(body)) return membersBelow(body)
  if (!ts.isModuleBlock(body)) return []
  return body.statements.flatMap((statement) => {
    if (ts.isModuleDeclaration(statement)) return membersBelow(statement)
    return ts.isInterfaceDeclaration(statement) ? statement.members.filter(isMember) : []
  })
}

function isMember(member: ts.TypeElement): member is CarriedMember {
  return ts.isPropertySignature(member) && member.type !== undefined && ts.isIdentifier(member.name)
}

/** The declared members of what frameworks hand around, by their names. */
export class CarriedMembers {
  readonly #project: Project
  #byName: Map<string, CarriedMember> | undefined

  constructor(project: Project) {
    this.#project = project
  }

  /** The declaration of `redis` of `app.redis`, where `app` is of a package that is not read. */
  declarationOf(node: ts.Expression): CarriedMember | undefined {
    return ts.isPropertyAccessExpression(node) ? this.#all().get(node.name.text) : undefined
  }

  #all(): Map<string, CarriedMember> {
    this.#byName ??= new Map(
      this.#project.sources.flatMap((file) =>
        carriedMembersIn(file).map((member) => [member.name.text, member] as const),
      ),
    )
    return this.#byName
  }
}
