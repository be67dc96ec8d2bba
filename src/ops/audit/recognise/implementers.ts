import ts from 'typescript'
import type { Project } from '../project/project.js'
import type { References } from '../project/references.js'
import { all, bare, functionAt, hasModifier, nameOf, type FunctionNode } from '../syntax.js'
import { parentOf } from './base-class.js'

// Deeper than anybody derives classes; one that is derived from itself ends here.
const MAX_DEPTH = 8

type Heir = ts.ClassLikeDeclaration | ts.InterfaceDeclaration

/** Who extends and implements what: the way from a contract down to the functions that keep it. */
export class Implementers {
  readonly #project: Project
  readonly #references: References
  readonly #onlyBases = new Map<ts.ClassLikeDeclaration, boolean>()
  #heirs: Map<ts.Node, Heir[]> | undefined

  constructor(project: Project, references: References) {
    this.#project = project
    this.#references = references
  }

  /** What a call may run: of a base or a contract, what the classes below make of it. */
  calleesOf(call: ts.CallExpression): readonly FunctionNode[] {
    const callee = bare(call.expression)
    const declaration = this.#project.declarationOf(nameOf(callee))
    if (!declaration) return []
    const isOfSuper =
      ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.SuperKeyword
    const own = functionAt(declaration)
    return isOfSuper ? (own ? [own] : []) : this.functionsOf(declaration)
  }

  /** What a call of the member may run: itself, or where it only declares, what the classes below have under its name. */
  functionsOf(member: ts.Declaration): readonly FunctionNode[] {
    const own = functionAt(member)
    const name = ts.getNameOfDeclaration(member)?.getText()
    const holder = holderOf(member)
    if (name === undefined || holder === undefined) return own ? [own] : []
    if (own && !(ts.isClassLike(holder) && this.isOnlyBase(holder))) return [own]
    const found = new Set(this.#madeBelow(holder).flatMap((each) => this.#memberOf(each, name) ?? []))
    return found.size === 0 && own ? [own] : [...found]
  }

  /** There are classes below it, and nothing makes one of itself. */
  isOnlyBase(node: ts.ClassLikeDeclaration): boolean {
    const known = this.#onlyBases.get(node)
    if (known !== undefined) return known
    const isIt = this.#below(node).length > 0 && !this.#isMade(node)
    this.#onlyBases.set(node, isIt)
    return isIt
  }

  /** Whether a member of a base is what runs for some class below, which has none of its own. */
  isInherited(node: ts.ClassLikeDeclaration, name: string): boolean {
    const own = ownMember(node, name)
    return this.#madeBelow(node).some((each) => this.#memberOf(each, name) === own)
  }

  /** Its own, or what it inherits. */
  #memberOf(node: ts.ClassLikeDeclaration, name: string, depth = 0): FunctionNode | undefined {
    const own = ownMember(node, name)
    if (own || depth > MAX_DEPTH) return own
    const parent = parentOf(node, this.#project)
    return parent && this.#memberOf(parent, name, depth + 1)
  }

  #madeBelow(holder: ts.Node): ts.ClassLikeDeclaration[] {
    return this.#below(holder).filter(
      (each): each is ts.ClassLikeDeclaration => ts.isClassLike(each) && !this.isOnlyBase(each),
    )
  }

  #isMade(node: ts.ClassLikeDeclaration): boolean {
    if (hasModifier(node, ts.SyntaxKind.AbstractKeyword)) return false
    return this.#references.to(node).some(isValue)
  }

  #below(declaration: ts.Node, seen = new Set<ts.Node>()): Heir[] {
    if (seen.has(declaration)) return []
    seen.add(declaration)
    const direct = this.#index().get(declaration) ?? []
    return direct.flatMap((each) => [each, ...this.#below(each, seen)])
  }

  #index(): Map<ts.Node, Heir[]> {
    if (this.#heirs) return this.#heirs
    const index = new Map<ts.Node, Heir[]>()
    for (const file of this.#project.sources) {
      const heirs = [
        ...all(file, ts.isClassDeclaration),
        ...all(file, ts.isClassExpression),
        ...file.statements.filter(ts.isInterfaceDeclaration),
      ]
      for (const heir of heirs)
        for (const { expression } of (heir.heritageClauses ?? []).flatMap(({ types }) => [...types])) {
          const base = this.#project.declarationOf(nameOf(expression))
          if (base) index.set(base, [...(index.get(base) ?? []), heir])
        }
    }
    this.#heirs = index
    return index
  }
}

/** The class, interface or alias that declares a member. */
function holderOf(declaration: ts.Declaration): ts.Node | undefined {
  // What a module is required for may be the module.
  if (ts.isSourceFile(declaration)) return undefined
  const { parent } = declaration
  if (ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent)) return parent
  return ts.isTypeLiteralNode(parent) && ts.isTypeAliasDeclaration(parent.parent) ? parent.parent : undefined
}

function ownMember(holder: ts.ClassLikeDeclaration, name: string): FunctionNode | undefined {
  const member = holder.members.find(
    (each) => each.name?.getText() === name && functionAt(each) !== undefined,
  )
  return member && functionAt(member)
}

/** It is handed on or called with `new`, and not only named as a type, a base, or for what it has itself. */
function isValue(use: ts.Identifier): boolean {
  const { parent } = use
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) return false
  return !(
    ts.isExpressionWithTypeArguments(parent) ||
    ts.isTypeNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isExportSpecifier(parent)
  )
}
