import type ts from 'typescript'
import { nearest } from '../../report/nearest.js'
import { commentsIn, type Comment } from './comments.js'
import { coveredLines, linesOf } from './covered-lines.js'

const WORD = 'cache-audit-ignore'
const DIRECTIVE = /^cache-audit-ignore([\w-]*)([^:]*)(?::([^]*))?$/

/** A comment that accepts findings: `// cache-audit-ignore R1, R4: why this is right here`. */
interface Directive {
  position: number
  /** Empty when it accepts nothing, for which `problem` says why. */
  rules: string[]
  reason: string
  problem?: string
  /** Null for a whole file. */
  lines: ReadonlySet<number> | null
}

/** The accepting comments of one file, and which of them were needed. */
export class Suppressions {
  readonly #directives: Directive[]
  readonly #used = new Set<string>()

  /** @param known the ids of all rules that there are */
  constructor(file: ts.SourceFile, known: readonly string[]) {
    const comments = file.text.includes(WORD) ? commentsIn(file) : []
    this.#directives = comments.flatMap((comment) => directiveOf(comment, comments, file, known) ?? [])
  }

  /** Why a finding of a rule at a node is accepted; undefined when it is not. */
  reasonFor(rule: string, node: ts.Node): string | undefined {
    if (this.#directives.length === 0) return undefined
    const at = linesOf(node)
    const directive = this.#directives.find(
      ({ rules, lines }) => rules.includes(rule) && (lines === null || at.some((line) => lines.has(line))),
    )
    if (directive) this.#used.add(`${directive.position} ${rule}`)
    return directive?.reason
  }

  /** Comments that say nothing, and those that accept nothing although their rule was applied. */
  problems(applied: readonly string[]): { position: number; message: string }[] {
    return this.#directives.flatMap(({ position, rules, problem }) => {
      if (problem !== undefined) return [{ position, message: problem }]
      const unused = rules.filter((rule) => applied.includes(rule) && !this.#used.has(`${position} ${rule}`))
      const message = `${WORD} ${unused.join(', ')} accepts nothing: there is no such finding; remove it`
      return unused.length > 0 ? [{ position, message }] : []
    })
  }
}

function directiveOf(
  comment: Comment,
  comments: readonly Comment[],
  file: ts.SourceFile,
  known: readonly string[],
): Directive | undefined {
  const match = DIRECTIVE.exec(comment.text)
  if (!match) return undefined
  const [, suffix = '', named = '', reason = ''] = match
  const isOfFile = suffix === '-file'
  const ids = named.split(/[\s,]+/).filter((id) => id !== '')
  const rules = ids.map((id) => id.toUpperCase())
  const problem = problemWith({
    suffix,
    rules,
    ids,
    reason,
    known,
    isLate: isOfFile && isLate(comment, file),
  })
  return {
    position: comment.pos,
    rules: problem === undefined ? rules : [],
    reason: reason.trim(),
    ...(problem !== undefined && { problem }),
    lines: isOfFile ? null : coveredLines(comment, comments, file),
  }
}

function problemWith(of: {
  suffix: string
  rules: string[]
  ids: string[]
  reason: string
  known: readonly string[]
  isLate: boolean
}): string | undefined {
  const { suffix, rules, ids, reason, known, isLate } = of
  const word = `${WORD}${suffix}`
  if (suffix !== '' && suffix !== '-file') return `${word} is unknown and accepts nothing: write ${WORD}`
  if (reason.trim() === '') return `${word} without a reason accepts nothing: write \`${word} R1: why\``
  if (rules.length === 0) return `${word} without a rule accepts nothing: write \`${word} R1: why\``
  const unknown = rules.findIndex((rule) => !known.includes(rule))
  if (unknown !== -1) {
    const meant = nearest(ids[unknown]!, known)
    return `${word}: '${ids[unknown]!}' is no rule, so nothing is accepted${meant ? `; did you mean ${meant}?` : ''}`
  }
  return isLate ? `${word} accepts nothing here: it belongs above the first line of code` : undefined
}

function isLate({ pos }: Comment, file: ts.SourceFile): boolean {
  const [first] = file.statements
  return first !== undefined && pos > first.getStart(file)
}
