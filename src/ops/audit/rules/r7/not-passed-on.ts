import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { settingsOf } from '../../recognise/client-settings.js'
import { passOptionOf, storeOptionOf } from '../../recognise/packages.js'
import type { Judgement, RuleContext } from '../../rule.js'
import { all, isNull, lastName } from '../../syntax.js'

/** A limiter middleware over Redis whose default is to fail the request when its store fails. */
export function* notPassedOn(file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  for (const call of all(file, ts.isCallExpression)) {
    const made = middlewareOf(call, context)
    if (!made) continue
    const { values, isOpen } = settingsOf([made.options], context)
    const store = values.get(made.storeOption)
    if (!store || isNull(store) || !isRemote(store, made.storeOption, context)) continue
    const passes = values.get(made.passOption)
    if (passes) {
      const isClosed = passes.kind === ts.SyntaxKind.FalseKeyword
      const what = `${made.name} says what it does when its store fails: it ${isClosed ? 'refuses' : 'passes'}`
      yield { node: call, site: 'conforms', what }
    } else if (!isOpen) {
      yield {
        node: call,
        message: `${made.name} answers every request with an error of the server when its store fails, which is its default: the limiter, which is there to protect the service, takes it down.`,
        remedy: `Set \`${made.passOption}: true\` and log the store's errors, or \`false\` to say that it is meant.`,
        confidence: 'medium',
      }
    }
  }
}

interface Middleware {
  name: string
  options: ts.Expression
  storeOption: string
  passOption: string
}

/** `rateLimit({ … })`, and `app.register(rateLimit, { … })`. */
function middlewareOf(call: ts.CallExpression, { project }: RuleContext): Middleware | undefined {
  const [first, second] = call.arguments
  const isRegistered = lastName(call.expression) === 'register'
  const maker = isRegistered ? first : call.expression
  const options = isRegistered ? second : first
  const binding = maker && bindingOf(maker, project)
  if (!binding || !options) return undefined
  const storeOption = storeOptionOf(binding.package, binding.name)
  const passOption = passOptionOf(binding.package, binding.name)
  if (!storeOption || !passOption) return undefined
  return {
    name: isRegistered ? binding.package : lastName(call.expression),
    options,
    storeOption,
    passOption,
  }
}

/** A store of ours handles its failures itself, or is judged where it stands. */
function isRemote(store: ts.Expression, option: string, { products, project }: RuleContext): boolean {
  return (
    option === 'redis' ||
    products
      .of(store)
      .some(
        ({ kind, node }) =>
          kind === 'store' &&
          !(ts.isNewExpression(node) && bindingOf(node.expression, project) === undefined),
      )
  )
}
