import ts from 'typescript'
import type { Project } from '../project/project.js'
import type { TypeFacts } from '../project/semantics.js'
import { bare, functionAt, isFunction, isNull, lastName, nameOf, type FunctionNode } from '../syntax.js'
import { Assignments } from './assignments.js'
import { bindingOf } from './bindings.js'
import { ofCacheManager } from './cache-manager.js'
import { CarriedMembers } from './carried-members.js'
import { classesBehind } from './class-choices.js'
import { Closures } from './closures.js'
import { givesData, isData } from './data-types.js'
import { hasNonNull, isPlainValue } from './expressions.js'
import { isBacked, type Kinds } from './kinds.js'
import { LoadedModules } from './loaded-modules.js'
import { kindIn } from './packages.js'
import { isSetBefore, startsEmpty } from './lazy-initialisation.js'
import { isOwnInterface, productsOfType, type Product } from './product.js'
import { isMadeByEntry } from './registered.js'
import { returnPaths, type ReturnPath } from './return-paths.js'
import { handedOnBy, resolvedBy, type HandedOn } from './promised.js'

// Factories that call factories are read through; what is built behind more calls than this is believed by its type.
const MAX_DEPTH = 6
const NAMED_DEPTH = 2

/** What expressions and functions produce: read from the code, and from types where the code does not say. */
export class Products {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #functions = new Map<ts.Node, Product[]>()
  readonly #given = new Map<ts.Declaration, Product[]>()
  readonly #assignments: Assignments
  readonly #closures: Closures
  readonly #loaded: LoadedModules
  readonly #carried: CarriedMembers
  #depth = 0

  constructor(project: Project, kinds: Kinds) {
    this.#project = project
    this.#kinds = kinds
    this.#assignments = new Assignments(project)
    this.#closures = new Closures(project, this)
    this.#carried = new CarriedMembers(project)
    this.#loaded = new LoadedModules({ project, kinds, products: this, assignments: this.#assignments })
  }

  /** What a function returns, awaited, one product per return path. */
  ofFunction(node: FunctionNode): Product[] {
    const known = this.#functions.get(node)
    if (known) return known
    this.#functions.set(node, [])
    if (node.type && isData(node.type)) return []
    const products = this.returnsOf(node).flatMap((each) =>
      each.value ? this.of(each.value) : [{ kind: 'null' as const, node: each.node }],
    )
    const told = this.#asDeclared(products, node)
    this.#functions.set(node, told)
    return told
  }

  /** A literal of functions, of which nothing else is known, is what its maker is declared to give out. */
  #asDeclared(products: Product[], maker: FunctionNode): Product[] {
    const isUntold = ({ kind, node }: Product) => kind === 'other' && ts.isObjectLiteralExpression(node)
    if (!maker.type || !products.some(isUntold)) return products
    const kind = this.#kinds.ofType(this.#project.returnTypeOf(maker as ts.SignatureDeclaration).awaited())
    return kind === undefined ? products : products.map((each) => (isUntold(each) ? { ...each, kind } : each))
  }

  /** As `returnPaths`. */
  returnsOf(node: FunctionNode): ReturnPath[] {
    return returnPaths(node)
  }

  /** Everything that is put into what a name stands for. */
  valuesOf(node: ts.Identifier): ts.Expression[] {
    const declaration = this.#project.declarationOf(node)
    return declaration ? this.#assignments.valuesOf(declaration) : []
  }

  /** What an expression evaluates to, awaited. */
  of(node: ts.Expression): Product[] {
    if (this.#depth > MAX_DEPTH) return this.#byType(node)
    this.#depth += 1
    try {
      const products = this.#ofBare(bare(node))
      return hasNonNull(node) ? products.filter(({ kind }) => kind !== 'null') : products
    } finally {
      this.#depth -= 1
    }
  }

  #ofBare(node: ts.Expression): Product[] {
    if (isNull(node)) return [{ kind: 'null', node }]
    if (ts.isObjectLiteralExpression(node) || isFunction(node))
      return [{ kind: this.#closures.of(node) ?? 'other', node }]
    if (isPlainValue(node)) return [{ kind: 'other', node }]
    if (ts.isConditionalExpression(node)) return [...this.of(node.whenTrue), ...this.of(node.whenFalse)]
    if (ts.isBinaryExpression(node)) return this.#ofOperator(node)
    if (ts.isNewExpression(node)) return this.#ofNew(node)
    if (ts.isCallExpression(node)) return this.#ofCall(node)
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.#ofName(node)
    return this.#byType(node)
  }

  #ofOperator(node: ts.BinaryExpression): Product[] {
    const { left, right, operatorToken } = node
    switch (operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
      case ts.SyntaxKind.BarBarEqualsToken:
        return [...this.of(left).filter(({ kind }) => kind !== 'null'), ...this.of(right)]
      case ts.SyntaxKind.AmpersandAmpersandToken:
        return [...this.of(right), { kind: 'null', node: left }]
      case ts.SyntaxKind.EqualsToken:
        return this.of(right)
      case ts.SyntaxKind.CommaToken:
        return this.of(right)
      default:
        // Sums and comparisons.
        return [{ kind: 'other', node }]
    }
  }

  #ofNew(node: ts.NewExpression): Product[] {
    const resolved = resolvedBy(node)
    if (resolved) return this.#ofHandedOn(resolved, node)
    const classes = classesBehind(node.expression, this.#project, this.#assignments)
    if (classes.length > 1)
      return classes.map((each) => ({ kind: this.#kinds.ofClass(each) ?? 'other', node: each }))
    const declaration = this.#project.declarationOf(nameOf(node.expression))
    const maker = declaration && functionAt(declaration)
    const kind = this.#kinds.ofNew(node) ?? (maker && this.#closures.ofConstructor(maker)) ?? 'other'
    return [{ kind, node }]
  }

  #ofHandedOn({ values, functions, isNothing }: HandedOn, node: ts.Expression): Product[] {
    const products = [
      ...values.flatMap((value) => this.of(value)),
      ...functions.flatMap((each) => {
        const made = this.#functionOf(each)
        return made ? this.ofFunction(made) : []
      }),
      ...(isNothing ? [{ kind: 'null' as const, node }] : []),
    ]
    return products.length > 0 ? products : [{ kind: 'other', node }]
  }

  #functionOf(node: ts.Expression): FunctionNode | undefined {
    const value = bare(node)
    if (isFunction(value)) return value
    const declaration = this.#project.declarationOf(nameOf(value))
    return declaration && functionAt(declaration)
  }

  #ofCall(node: ts.CallExpression): Product[] {
    const handedOn = handedOnBy(node)
    if (handedOn) return this.#ofHandedOn(handedOn, node)
    const settled = this.#ofPromise(node)
    if (settled) return settled
    const declaration = this.#project.declarationOf(nameOf(node.expression))
    const callee = declaration && functionAt(declaration)
    if (callee) {
      const declared = this.#declaredReturn(callee)
      if (declared === undefined) return this.ofFunction(callee).map(({ kind }) => ({ kind, node }))
      const byType = productsOfType(declared, node, this.#kinds)
      if (!byType.some(({ kind }) => isBacked(kind)))
        return isOwnInterface(declared) ? this.#asMade(callee, byType, node) : byType
      // An interface says what a thing can do, the code where its state is.
      const made = this.ofFunction(callee).filter(({ kind }) => kind !== 'null')
      if (made.length === 0 || made.some(({ kind }) => kind === 'other')) return byType
      return [...made.map(({ kind }) => ({ kind, node })), ...byType.filter(({ kind }) => kind === 'null')]
    }
    const managed = ofCacheManager(node, this.#project, this)
    if (managed) return [{ kind: managed, node }]
    const loaded = this.#loaded.of(node, 'default')
    if (loaded) return loaded.map(({ kind }) => ({ kind, node }))
    // `Redis.fromEnv()` and its like, where the class came through require().
    const binding = ts.isPropertyAccessExpression(node.expression)
      ? bindingOf(node.expression.expression, this.#project)
      : undefined
    const kind = binding && kindIn(binding.package, binding.name)
    if (kind === undefined && givesData(lastName(node.expression))) return [{ kind: 'other', node }]
    return kind === undefined ? this.#byType(node) : [{ kind, node }]
  }

  /** An interface of a name that says nothing: what the code makes of it is over Redis, or it is what the type says. */
  #asMade(callee: FunctionNode, byType: Product[], node: ts.CallExpression): Product[] {
    const made = this.ofFunction(callee).filter(({ kind }) => kind !== 'null')
    const isTold = made.length > 0 && made.every(({ kind }) => isBacked(kind) || kind === 'memory')
    if (!isTold || !made.some(({ kind }) => isBacked(kind))) return byType
    return [...made.map(({ kind }) => ({ kind, node })), ...byType.filter(({ kind }) => kind === 'null')]
  }

  /** `connecting.then(() => client).catch(() => null)`. */
  #ofPromise({ expression, arguments: handlers }: ts.CallExpression): Product[] | undefined {
    if (!ts.isPropertyAccessExpression(expression)) return undefined
    const method = expression.name.text
    if (method !== 'then' && method !== 'catch' && method !== 'finally') return undefined
    const made = handlers.flatMap((each) => {
      const handler = bare(each)
      return isFunction(handler) ? this.ofFunction(handler) : []
    })
    if (method === 'then') return made.length > 0 ? made : undefined
    return [...this.of(expression.expression), ...(method === 'catch' ? made : [])]
  }

  /** Read once per name: variables that are given one another many times would be read as often as there are ways between them. */
  #ofValues(declaration: ts.Declaration, values: readonly ts.Expression[]): Product[] {
    const known = this.#given.get(declaration)
    if (known) return known
    // A variable that is given itself is asked about only once.
    this.#given.set(declaration, [])
    const depth = this.#depth
    // The answer holds for those who ask from less far away, too.
    this.#depth = Math.min(depth, NAMED_DEPTH)
    const products = values.flatMap((value) => this.of(value))
    this.#depth = depth
    this.#given.set(declaration, products)
    return products
  }

  #ofName(node: ts.Identifier | ts.PropertyAccessExpression): Product[] {
    const declaration = this.#project.declarationOf(nameOf(node))
    const loaded = declaration ? undefined : this.#loaded.memberOf(node)
    if (loaded) return loaded
    const carried = declaration ? undefined : this.#carried.declarationOf(node)
    if (carried) return productsOfType(this.#project.typeOf(carried), node, this.#kinds)
    const values = declaration ? this.#assignments.valuesOf(declaration) : []
    const products = declaration ? this.#ofValues(declaration, values) : []
    const isAnnotated = declaration !== undefined && 'type' in declaration && declaration.type !== undefined
    // Most names are nothing to us; inferring the types of all of them is what would take the time.
    const isOther = values.length > 0 && !isAnnotated && products.every(({ kind }) => kind === 'other')
    if (isOther && !isMadeByEntry(node, declaration!, values, this.#project)) return products
    const type = this.#project.typeOf(node)
    if (values.length === 0) return productsOfType(type, node, this.#kinds)
    // The checker follows the flow of control: where it knows the type, it also knows whether null is left.
    // Of a member that starts with null it knows only that.
    const isUnknown = type.isAny || (declaration !== undefined && ts.isPropertyAssignment(declaration))
    const isNullHere = isUnknown ? !isSetBefore(node) : type.isNullable
    const made = products.filter(({ kind }) => kind !== 'null' && kind !== 'other')
    const known =
      made.length > 0 ? made : productsOfType(type, node, this.#kinds).filter(({ kind }) => kind !== 'null')
    const nothing =
      products.find(({ kind }) => kind === 'null') ??
      (type.isNullable ? { kind: 'null' as const, node } : undefined) ??
      (isUnknown && declaration && startsEmpty(declaration)
        ? { kind: 'null' as const, node: declaration }
        : undefined)
    return isNullHere && nothing ? [...known, nothing] : known
  }

  /** A declared return type that can be believed; undefined when the code must tell. */
  #declaredReturn(node: FunctionNode): TypeFacts | undefined {
    if (!node.type) return undefined
    const type = this.#project.returnTypeOf(node).awaited()
    return type.isAny || (!type.isNullable && !this.#project.isNullSafe(node.getSourceFile()))
      ? undefined
      : type
  }

  #byType(node: ts.Expression): Product[] {
    return productsOfType(this.#project.typeOf(node).awaited(), node, this.#kinds)
  }
}
