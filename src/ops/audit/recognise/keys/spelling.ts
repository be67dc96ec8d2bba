import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { all, bare, functionAt, isFunction, lastName, nameOf, own, type FunctionNode } from '../../syntax.js'
import { Assignments } from '../assignments.js'
import { methodOf } from '../receivers.js'

/** A key as the code spells it: texts, and null for each part that is known only at run time. */
export type Spelling = readonly (string | null)[]

/** What parameters stand for, at one call of their function. */
export type Bindings = ReadonlyMap<ts.Node, readonly Spelling[]>

const UNKNOWN: readonly Spelling[] = [[null]]
const NO_BINDINGS: Bindings = new Map()
const MOST = 4
// What gives a text back as it is, or nearly.
const SAME = /^(?:toString|toLowerCase|toUpperCase|trim|normalize|valueOf)$/
const AS_TEXT = /^(?:String|encodeURIComponent|encodeURI)$/

/** Spells keys out, through constants, enums, builders and imports. */
export class Speller {
  readonly #project: Project
  readonly #assignments: Assignments

  constructor(project: Project) {
    this.#project = project
    this.#assignments = new Assignments(project)
  }

  /** The spellings that an expression may have, at most a handful. */
  of(node: ts.Expression, bindings: Bindings = NO_BINDINGS, depth = 0): readonly Spelling[] {
    if (depth > 8) return UNKNOWN
    const next = (each: ts.Expression) => this.of(each, bindings, depth + 1)
    const expression = bare(node)
    if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return [[expression.text]]
    if (ts.isTemplateExpression(expression)) {
      return inSequence([
        [[expression.head.text]],
        ...expression.templateSpans.flatMap((span) => [next(span.expression), [[span.literal.text]]]),
      ])
    }
    if (ts.isConditionalExpression(expression))
      return either(next(expression.whenTrue), next(expression.whenFalse))
    if (ts.isBinaryExpression(expression)) {
      const { left, right, operatorToken } = expression
      if (operatorToken.kind === ts.SyntaxKind.PlusToken) return inSequence([next(left), next(right)])
      const isDefault =
        operatorToken.kind === ts.SyntaxKind.BarBarToken ||
        operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
      // What is set somewhere else is not known; the default is what nobody changes.
      return isDefault ? either(known(next(left)), next(right)) : UNKNOWN
    }
    if (ts.isCallExpression(expression)) return this.#ofCall(expression, bindings, depth)
    const isName = ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression)
    return isName ? this.#ofName(expression, bindings, depth) : UNKNOWN
  }

  /** What the parameters of a function stand for in a call of it. */
  bind(callee: FunctionNode, call: ts.CallExpression, bindings: Bindings = NO_BINDINGS, depth = 0): Bindings {
    const bound = new Map<ts.Node, readonly Spelling[]>()
    for (const [at, parameter] of callee.parameters.entries()) {
      const given = call.arguments.slice(at)
      if (parameter.dotDotDotToken) {
        const parts = given.map((each) => this.#spread(each, bindings, depth))
        bound.set(parameter, inSequence(parts.flatMap((each, i) => (i === 0 ? [each] : [SEPARATOR, each]))))
      } else if (given[0] && !given.some(ts.isSpreadElement)) {
        bound.set(parameter, this.of(given[0], bindings, depth + 1))
      } else if (parameter.initializer && !given[0]) {
        bound.set(parameter, this.of(parameter.initializer, bindings, depth + 1))
      }
    }
    return bound
  }

  #ofCall(call: ts.CallExpression, bindings: Bindings, depth: number): readonly Spelling[] {
    const target = methodOf(call)
    const [first] = call.arguments
    if (target && SAME.test(target.method)) return this.of(target.receiver, bindings, depth + 1)
    if (target?.method === 'join') return this.#ofJoin(target.receiver, first, bindings, depth)
    if (target?.method === 'concat' && first)
      return inSequence(
        [target.receiver, ...call.arguments].map((each) => this.#spread(each, bindings, depth)),
      )
    if (first && ts.isIdentifier(call.expression) && AS_TEXT.test(call.expression.text))
      return this.of(first, bindings, depth + 1)
    if (target?.method === 'build') {
      const pattern = this.#declaredPattern(target.receiver)
      if (pattern !== undefined)
        return [pattern.split(/\{\w+\}/).flatMap((text, i) => (i ? [null, text] : [text]))]
    }
    const declaration = this.#project.declarationOf(nameOf(bare(call.expression)))
    const callee = declaration && functionAt(declaration)
    if (!callee) return UNKNOWN
    const bound = this.bind(callee, call, bindings, depth)
    const answers = answersOf(callee)
    if (answers.length === 0) return UNKNOWN
    return answers.map((each) => this.of(each, bound, depth + 1)).reduce(either)
  }

  #ofJoin(
    receiver: ts.Expression,
    glue: ts.Expression | undefined,
    bindings: Bindings,
    depth: number,
  ): readonly Spelling[] {
    const separator = glue ? this.of(glue, bindings, depth + 1) : [[',']]
    let list = bare(receiver)
    // `[a, b].filter(Boolean).join(':')`
    for (let inner = listBelow(list); inner; inner = listBelow(list)) list = inner
    if (ts.isIdentifier(list)) {
      const declaration = this.#project.declarationOf(list)
      const bound = declaration && bindings.get(declaration)
      if (bound) return bound.map((each) => reglued(each, separator[0]))
      const value =
        declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
          ? bare(declaration.initializer)
          : undefined
      if (value && ts.isArrayLiteralExpression(value)) list = value
    }
    if (!ts.isArrayLiteralExpression(list)) return UNKNOWN
    const parts = list.elements.map((each) => this.#spread(each, bindings, depth))
    return inSequence(parts.flatMap((each, i) => (i === 0 ? [each] : [separator, each]))).map((each) =>
      reglued(each, separator[0]),
    )
  }

  #spread(node: ts.Expression, bindings: Bindings, depth: number): readonly Spelling[] {
    if (!ts.isSpreadElement(node)) return this.of(node, bindings, depth + 1)
    const declaration = this.#project.declarationOf(node.expression)
    return (declaration && bindings.get(declaration)) ?? UNKNOWN
  }

  #ofName(
    name: ts.Identifier | ts.PropertyAccessExpression,
    bindings: Bindings,
    depth: number,
  ): readonly Spelling[] {
    const declaration = this.#project.declarationOf(nameOf(name))
    if (!declaration) return UNKNOWN
    const bound = bindings.get(declaration)
    if (bound) return bound
    const isFixed =
      ts.isEnumMember(declaration) ||
      ts.isPropertyAssignment(declaration) ||
      (ts.isParameter(declaration) && lastName(name) !== '')
    if (isFixed && declaration.initializer) return this.of(declaration.initializer, bindings, depth + 1)
    if (ts.isShorthandPropertyAssignment(declaration)) {
      return declaration.name === name ? UNKNOWN : this.of(declaration.name, bindings, depth + 1)
    }
    if (ts.isGetAccessor(declaration) && declaration.body) {
      const answers = answersOf(declaration as FunctionNode)
      return answers.length === 0
        ? UNKNOWN
        : answers.map((each) => this.of(each, bindings, depth + 1)).reduce(either)
    }
    const values = this.#assignments.valuesOf(declaration)
    if (values.length === 0 || values.length > MOST) return UNKNOWN
    return values.map((each) => this.of(each, bindings, depth + 1)).reduce(either)
  }

  /** The pattern of a family that is built from: `declareFamily({ pattern: 'app:user:{id}' }).pattern.build(…)`. */
  #declaredPattern(receiver: ts.Expression): string | undefined {
    const holder = bare(receiver)
    const family =
      lastName(holder) === 'pattern' && ts.isPropertyAccessExpression(holder) ? holder.expression : holder
    const declaration = this.#project.declarationOf(nameOf(bare(family)))
    const holds =
      declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration))
        ? declaration.initializer
        : undefined
    const made = holds && bare(holds)
    if (!made || !ts.isCallExpression(made)) return undefined
    const pattern = all(made, ts.isPropertyAssignment).find((each) => each.name.getText() === 'pattern')
    const text = pattern ? bare(pattern.initializer) : made.arguments[0]
    return text && ts.isStringLiteralLike(text) && text.text.includes(':') ? text.text : undefined
  }
}

/** Between the values of a rest parameter, until it is known what they are joined with. */
const GLUE = '\0'
const SEPARATOR: readonly Spelling[] = [[GLUE]]

function reglued(spelling: Spelling, [separator]: Spelling = [',']): Spelling {
  return spelling.map((part) => (part === null ? null : part.replaceAll(GLUE, separator ?? '*')))
}

function listBelow(node: ts.Expression): ts.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const target = methodOf(node)
  return target && /^(?:filter|map|slice|flat)$/.test(target.method) ? bare(target.receiver) : undefined
}

/** What a function returns. */
function answersOf(node: FunctionNode): ts.Expression[] {
  if (!ts.isBlock(node.body)) return isFunction(node.body) ? [] : [node.body as ts.Expression]
  return own(node.body, ts.isReturnStatement).flatMap(({ expression }) => expression ?? [])
}

function known(spellings: readonly Spelling[]): readonly Spelling[] {
  return spellings.filter((each) => each.some((part) => part !== null))
}

function either(a: readonly Spelling[], b: readonly Spelling[]): readonly Spelling[] {
  const found = new Map([...a, ...b].map((each) => [textOf(each), each]))
  return [...found.values()].slice(0, MOST)
}

function inSequence(parts: readonly (readonly Spelling[])[]): readonly Spelling[] {
  let spellings: readonly Spelling[] = [[]]
  for (const each of parts) {
    spellings = spellings.flatMap((before) => each.map((after) => [...before, ...after])).slice(0, MOST)
  }
  return spellings.map(tidy)
}

/** Texts beside each other are one, and unknown parts beside each other are one. */
function tidy(spelling: Spelling): Spelling {
  const tidied: (string | null)[] = []
  for (const part of spelling) {
    if (part === '') continue
    const before = tidied.at(-1)
    if (tidied.length > 0 && part === null && before === null) continue
    if (typeof part === 'string' && typeof before === 'string') tidied[tidied.length - 1] = before + part
    else tidied.push(part)
  }
  return tidied
}

/** With `*` for what is not known: `app:user:*`. */
export function textOf(spelling: Spelling): string {
  return spelling.map((part) => part?.replaceAll(GLUE, ':') ?? '*').join('')
}

/** Whether nothing of it can be read but punctuation. */
export function isOutOfSight(spelling: Spelling): boolean {
  return !spelling.some((part) => part !== null && /[\p{L}\p{N}]/u.test(part))
}
