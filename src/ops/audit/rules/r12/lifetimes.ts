import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import { keysOf, type Command } from '../../recognise/keys/commands.js'
import { isOutOfSight, textOf, type Speller } from '../../recognise/keys/spelling.js'
import { ttlOf, type WrittenTtl } from '../../recognise/keys/written-ttl.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'

/** What gives a key its lifetime beside the command that writes it. */
export class Lifetimes {
  readonly #context: RuleContext
  readonly #speller: Speller
  readonly #commands: readonly Command[]

  constructor(context: RuleContext, speller: Speller, commands: readonly Command[]) {
    this.#context = context
    this.#speller = speller
    this.#commands = commands
  }

  /** Whether EXPIRE follows, or a function of ours is given the key for it. */
  isGivenLater(command: Command): boolean {
    const scope = outermostFunction(command.call) ?? command.call.getSourceFile()
    const key = keysOf(command)[0]
    if (!key) return false
    const expires = this.#near(command).some((each) => each.access === 'expire')
    return (
      expires ||
      all(scope, ts.isCallExpression).some(
        (call) =>
          call !== command.call &&
          /expir|ttl/i.test(lastName(call.expression)) &&
          call.arguments.some((each) => this.#isSame(each, key)),
      )
    )
  }

  /** The TTL that the same key gets on another branch: `if (ttl) setex(…) else set(…)`. */
  onOtherBranch(command: Command): Extract<WrittenTtl, { is: 'given' }> | undefined {
    for (const each of this.#near(command)) {
      const ttl = each.access === 'write' ? ttlOf(each, this.#context.project) : undefined
      if (ttl?.is === 'given') return ttl
    }
    return undefined
  }

  /** Commands on the same key in the same function. */
  #near(command: Command): Command[] {
    const scope = outermostFunction(command.call)
    const [key] = keysOf(command)
    return this.#commands.filter(
      (each) =>
        each !== command &&
        outermostFunction(each.call) === scope &&
        keysOf(each).some((other) => key !== undefined && this.#isSame(other, key)),
    )
  }

  #isSame(a: ts.Expression, b: ts.Expression): boolean {
    const [one, other] = [bare(a), bare(b)]
    if (ts.isIdentifier(one) && ts.isIdentifier(other)) {
      const { project } = this.#context
      if (project.declarationOf(one) === project.declarationOf(other)) return true
    } else if (one.getText() === other.getText()) return true
    const [spelt] = this.#speller.of(one)
    const [otherwise] = this.#speller.of(other)
    return !!spelt && !!otherwise && !isOutOfSight(spelt) && textOf(spelt) === textOf(otherwise)
  }
}
