import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import { keysOf, type Command } from '../../recognise/keys/commands.js'
import { isOutOfSight, textOf, type Speller } from '../../recognise/keys/spelling.js'
import { ttlOf } from '../../recognise/keys/written-ttl.js'
import type { RuleContext } from '../../rule.js'
import { above, all, bare, isWithin, lastName } from '../../syntax.js'

/** A call that gives a key its lifetime. */
interface Giver {
  call: ts.CallExpression
  ttl: ts.Expression | undefined
}

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
    return this.#givers(command).some((giver) => !isOptional(giver, command))
  }

  /** The TTL that the same key gets on another branch: `if (ttl) setex(…) else set(…)`, `set(…); if (ttl) expire(…)`. */
  onOtherBranch(command: Command): ts.Expression | undefined {
    for (const each of this.#near(command)) {
      const ttl = each.access === 'write' ? ttlOf(each, this.#context.project) : undefined
      if (ttl?.is === 'given') return ttl.node
    }
    return this.#givers(command).find((giver) => isOptional(giver, command))?.ttl
  }

  #givers(command: Command): Giver[] {
    const scope = outermostFunction(command.call) ?? command.call.getSourceFile()
    const [key] = keysOf(command)
    if (!key) return []
    const commands = this.#near(command).filter(({ access }) => access === 'expire')
    const known = new Set<ts.Node>([command.call, ...commands.map(({ call }) => call)])
    const helpers = all(scope, ts.isCallExpression).filter(
      (call) =>
        !known.has(call) &&
        /expir|ttl/i.test(lastName(call.expression)) &&
        call.arguments.some((each) => this.#isSame(each, key)),
    )
    return [
      ...commands.map(({ call, args }) => ({ call, ttl: args[1] })),
      ...helpers.map((call) => ({ call, ttl: call.arguments.find((each) => !this.#isSame(each, key)) })),
    ]
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

/** `if (ttl) await redis.expire(key, ttl)` after the write: whether there is a lifetime depends on who asks. */
function isOptional({ call, ttl }: Giver, command: Command): boolean {
  const names = ttl ? all(ttl, ts.isIdentifier).map(({ text }) => text) : []
  for (let each = above(call, ts.isIfStatement); each; each = above(each, ts.isIfStatement)) {
    if (isWithin(command.call, each)) return false
    if (all(each.expression, ts.isIdentifier).some(({ text }) => names.includes(text))) return true
  }
  return false
}
