import ts from 'typescript'
import { commandsIn } from '../../recognise/commands.js'
import { isUpstash } from '../../recognise/upstash.js'
import type { RuleContext, Violation } from '../../rule.js'
import { bare } from '../../syntax.js'

const OPTIONS = /^(?:nx|xx|get|ex|px|exat|pxat|keepTtl)$/

/** `set` with the arguments of ioredis or node-redis. */
export function* foreignOptionsIn(file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  for (const { call, name, args } of commandsIn(file, context)) {
    const option = name === 'set' ? args[2] && bare(args[2]) : undefined
    if (!option) continue
    const isText = ts.isStringLiteralLike(option)
    const foreign = ts.isObjectLiteralExpression(option) ? unknownIn(option) : undefined
    const callee = bare(call.expression)
    if (!(isText || foreign) || !ts.isPropertyAccessExpression(callee)) continue
    if (!isUpstash(callee.expression, context)) continue
    yield {
      node: call,
      message: isText
        ? "`set` of Upstash takes its options as an object: with these arguments, which are ioredis', every write throws a TypeError before it is sent."
        : `Upstash does not know \`${foreign}\` and leaves it out: the value is written without it, and stays for ever.`,
      remedy: 'Write `set(key, value, { ex: seconds })`, in lower case.',
    }
  }
}

/** The first name when none of them means anything to Upstash. */
function unknownIn({ properties }: ts.ObjectLiteralExpression): string | undefined {
  const names = properties.map((each) => each.name?.getText().replaceAll(/['"]/g, '') ?? '')
  const isKnown = properties.some(ts.isSpreadAssignment) || names.some((each) => OPTIONS.test(each))
  return isKnown ? undefined : names[0]
}
