import ts from 'typescript'
import type { Project } from '../project/project.js'
import type { TypeFacts } from '../project/semantics.js'
import { all, bare, nameOf } from '../syntax.js'
import { parentOf } from './base-class.js'
import { bindingOf } from './bindings.js'
import { isCacheByName, isCacheShaped, isLimiterByName, nameOfShape, type Shaped } from './cache-shape.js'
import { keepsState } from './class-state.js'
import { isClientShaped } from './client-shape.js'
import type { Kind } from './known-packages.js'
import { kindIn, packageAt } from './packages.js'
import { heldBy, isLimiterShaped, isPassThrough } from './shape.js'

/** What is created, or nothing: `null` and `undefined`, or a stand-in that answers like a dead backend. */
export type Made = Kind | 'pass-through' | 'null' | 'other'

const BACKED = new Set<Made | undefined>(['client', 'cache', 'limiter', 'store'])

/** A thing whose state is behind a client: what factories must always return. */
export function isBacked(kind: Made | undefined): boolean {
  return BACKED.has(kind)
}

// To infer its type arguments, the checker would go through all that it is given.
const OF_THE_LANGUAGE = /^(?:Map|Set|WeakMap|WeakSet|Promise|Date|RegExp|Array|URL|\w*Error)$/

/** Says what classes, interfaces and types are: by the package they come from, else by what they hold and can do. */
export class Kinds {
  readonly #project: Project
  readonly #known = new Map<ts.Node, Made | undefined>()

  constructor(project: Project) {
    this.#project = project
  }

  /** What a class or interface is; undefined when it is nothing to us. */
  of(declaration: ts.Node): Made | undefined {
    if (this.#known.has(declaration)) return this.#known.get(declaration)
    // A class that refers to itself is asked about only once.
    this.#known.set(declaration, undefined)
    const kind = this.#judge(declaration)
    this.#known.set(declaration, kind)
    return kind
  }

  /** What the values of a type are, the first that is something. */
  ofType(type: TypeFacts): Made | undefined {
    const kinds = type.declarations.map((declaration) => this.of(declaration))
    return kinds.find(isBacked) ?? kinds.find((kind) => kind !== undefined)
  }

  /** What `new X` makes. */
  ofNew(node: ts.NewExpression): Made | undefined {
    if (ts.isIdentifier(node.expression) && OF_THE_LANGUAGE.test(node.expression.text)) {
      // Unless somebody took the name.
      const declaration = this.#project.declarationOf(node.expression)
      if (!declaration || declaration.getSourceFile().isDeclarationFile) return undefined
    }
    if (bindingOf(node.expression, this.#project)?.package === 'keyv') return this.#keyv(node)
    return this.ofClass(node.expression) ?? this.ofType(this.#project.typeOf(node))
  }

  /** What the things of a class are; by the name of the class. */
  ofClass(name: ts.Expression): Made | undefined {
    const binding = bindingOf(name, this.#project)
    const bound = binding && kindIn(binding.package, binding.name)
    const declaration = this.#project.declarationOf(nameOf(bare(name)))
    return bound ?? (declaration && this.of(declaration))
  }

  // Without a store, Keyv is a Map.
  #keyv(node: ts.NewExpression): Made {
    const args = [...(node.arguments ?? [])]
    const options = args.find((each) => ts.isObjectLiteralExpression(bare(each)))
    const hasStore =
      options && ts.isObjectLiteralExpression(bare(options)) && /\bstore\b|\.\.\./.test(options.getText())
    return hasStore || args.some((each) => each !== options) ? 'cache' : 'memory'
  }

  #judge(declaration: ts.Node): Made | undefined {
    if (!isShaped(declaration)) return undefined
    const known = packageAt(declaration.getSourceFile().fileName)
    if (known !== undefined)
      return ts.isTypeLiteralNode(declaration) || !declaration.name
        ? undefined
        : kindIn(known, declaration.name.text)
    if (!isOwn(declaration.getSourceFile())) return undefined
    if (ts.isInterfaceDeclaration(declaration) && isClientShaped(declaration, this.#project)) return 'client'
    const shape = this.#shapeOf(declaration, 0)
    const isOnlyDeclared = !ts.isClassLike(declaration) && shape === undefined
    if (isOnlyDeclared && isLimiterByName(declaration, this.#project)) return 'limiter'
    if (ts.isTypeLiteralNode(declaration)) return shape
    if (ts.isInterfaceDeclaration(declaration)) {
      const inherited = this.#inherited(declaration)
      // A client with methods of one's own is still one: it rejects.
      return inherited === 'client' ? inherited : (shape ?? inherited)
    }
    if (this.#handsOnMemory(declaration)) return 'memory'
    const inherited = this.#inherited(declaration)
    if (inherited === 'client' || inherited === 'queue') return inherited
    if (this.#holdsBackend(declaration)) {
      if (shape !== undefined || isBacked(inherited)) return shape ?? inherited
      if (isLimiterByName(declaration, this.#project)) return 'limiter'
      return isCacheByName(declaration, this.#project) ? 'cache' : undefined
    }
    const serves = shape !== undefined || isBacked(inherited)
    if (!serves) return hasStoreMethods(declaration) && keepsState(declaration) ? 'memory' : undefined
    if (isPassThrough(declaration)) return 'pass-through'
    if (keepsState(declaration)) return 'memory'
    // It may reach its backend through a module or another function.
    return /redis|valkey|upstash/i.test(declaration.getText()) ? (shape ?? inherited) : undefined
  }

  /** What its methods are those of, or those of the class that it completes: `class Shared extends Store`, whose `get` asks `_get`. */
  #shapeOf(declaration: Shaped, depth: number): 'cache' | 'limiter' | undefined {
    if (isCacheShaped(declaration, this.#project)) return 'cache'
    if (isLimiterShaped(declaration, this.#project)) return 'limiter'
    if (!ts.isClassLike(declaration) || depth > 3) return undefined
    const parent = parentOf(declaration, this.#project)
    return parent && !parent.getSourceFile().isDeclarationFile ? this.#shapeOf(parent, depth + 1) : undefined
  }

  #inherited(declaration: ts.ClassLikeDeclaration | ts.InterfaceDeclaration): Made | undefined {
    for (const { types } of declaration.heritageClauses ?? []) {
      for (const each of types) {
        const expression = changedBy(each) ?? each.expression
        const binding = bindingOf(expression, this.#project)
        const base = this.#project.declarationOf(expression)
        const kind = (binding && kindIn(binding.package, binding.name)) ?? (base && this.of(base))
        if (kind !== undefined) return kind
      }
    }
    return undefined
  }

  /** `super(new RateLimiterMemory(…))`: what the base is declared to hold says less than what it is given. */
  #handsOnMemory(declaration: ts.ClassLikeDeclaration): boolean {
    const kinds = declaration.members
      .filter(ts.isConstructorDeclaration)
      .flatMap((constructor) => all(constructor, isSuperCall).flatMap((call) => [...call.arguments]))
      .flatMap((argument) => {
        const value = bare(argument)
        const local = ts.isIdentifier(value) ? this.#project.declarationOf(value) : undefined
        const made = local && ts.isVariableDeclaration(local) && local.initializer
        const maker = made ? bare(made) : value
        return ts.isNewExpression(maker) ? [this.ofNew(maker)] : []
      })
    return kinds.includes('memory') && !kinds.some(isBacked)
  }

  #holdsBackend(declaration: ts.ClassLikeDeclaration): boolean {
    // What a constructor is given is held, directly or in a part that it builds.
    const given = declaration.members
      .filter(ts.isConstructorDeclaration)
      .flatMap(({ parameters }) => [...parameters])
    if (given.some((parameter) => isBacked(this.ofType(this.#project.typeOf(parameter))))) return true
    return heldBy(declaration).some((field) => {
      if (isBacked(this.ofType(this.#project.typeOf(field.declaration)))) return true
      return field.values.some((value) => {
        const expression = bare(value)
        if (ts.isNewExpression(expression)) return isBacked(this.ofNew(expression))
        return isBacked(this.ofType(this.#project.typeOf(expression).awaited()))
      })
    })
  }
}

// Types are written by hand in modules; what a tool wrote for a runtime declares globals.
function isOwn(file: ts.SourceFile): boolean {
  return !file.isDeclarationFile || (ts.isExternalModule(file) && !file.fileName.includes('/node_modules/'))
}

/** `RedisClientType` of `extends Omit<RedisClientType, 'get'>`. */
function changedBy({ expression, typeArguments }: ts.ExpressionWithTypeArguments): ts.Identifier | undefined {
  if (!/^(?:Omit|Pick|Partial|Required|Readonly)$/.test(expression.getText())) return undefined
  const changed = typeArguments?.[0]
  const name = changed && ts.isTypeReferenceNode(changed) ? changed.typeName : undefined
  return name && ts.isIdentifier(name) ? name : undefined
}

function isSuperCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword
}

function isShaped(node: ts.Node): node is Shaped {
  if (ts.isTypeLiteralNode(node)) return nameOfShape(node) !== ''
  return ts.isClassLike(node) || ts.isInterfaceDeclaration(node)
}

/** Synchronous get and set: what an in-process cache looks like. */
function hasStoreMethods(node: ts.ClassLikeDeclaration): boolean {
  const names = new Set(node.members.map((member) => member.name?.getText()))
  return names.has('get') && (names.has('set') || names.has('put'))
}
