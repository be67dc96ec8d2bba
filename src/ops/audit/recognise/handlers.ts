import ts from 'typescript'
import { all, isFunction, type FunctionNode } from '../syntax.js'
import { isExported, nameGivenTo } from './containers.js'

const ROUTE_EXPORT =
  /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|loader|action|handler|getServerSideProps|getStaticProps|middleware)$/
const REGISTERS =
  /^(?:get|post|put|patch|delete|all|use|route|query|mutation|subscription|handle|on|onRequest|addHook|openapi)$/
const ACTIONS = /^(?:action|stateAction|handler)$/
const GIVEN = /^(?:parsedInput|input|data|ctx|context|request|args)$/
const REQUEST = /^_?(?:req|request|ctx|context|c|event|evt|socket|interaction|job|message)$/
const RESPONSE = /^_?(?:res|response|reply|next|h)$/
const REQUEST_TYPE =
  /\b(?:Next(?:Api)?Request|Request|FastifyRequest|Context|IncomingMessage|APIGatewayProxy\w*)\b/

/** A function that answers requests, whatever module it stands in: it is a caller of the cache, never the cache. */
export function isHandler(node: FunctionNode): boolean {
  if (ROUTE_EXPORT.test(nameGivenTo(node)) && isExported(node)) return true
  if (isComponent(node)) return true
  const [first, second] = node.parameters
  if (first && isArgument(node) && (takesNext(first) || isServerAction(node, first))) return true
  if (second && RESPONSE.test(second.name.getText()) && first && !isTyped(first, /Redis|Cache/)) return true
  if (first && isTyped(first, REQUEST_TYPE)) return true
  return isRegistered(node) || (first !== undefined && REQUEST.test(first.name.getText()) && isArgument(node))
}

const wrapping = new WeakMap<FunctionNode, boolean>()

/** `withLimit(handler) { return (req, ctx) => … }`: a part of what answers requests. */
export function wrapsHandler(outer: FunctionNode): boolean {
  const known = wrapping.get(outer) ?? handsOn(outer)
  wrapping.set(outer, known)
  return known
}

function handsOn(outer: FunctionNode): boolean {
  const given = new Set(outer.parameters.map(({ name }) => name.getText()))
  if (given.size === 0) return false
  return all(outer.body, ts.isCallExpression).some(
    ({ expression, arguments: [handed], parent }) =>
      handed !== undefined &&
      ts.isIdentifier(expression) &&
      given.has(expression.text) &&
      isFirstOfOneWithin(outer, handed.getText(), parent),
  )
}

/** A function between the two takes it first. */
function isFirstOfOneWithin(outer: FunctionNode, name: string, from: ts.Node): boolean {
  for (let node = from; node !== outer; node = node.parent)
    if (isFunction(node) && node.parameters[0]?.name.getText() === name) return true
  return false
}

/** What only the handlers in its own file can ask is part of them, whatever it is named for. */
export function isHelperOfHandlers(node: FunctionNode): boolean {
  if (isExported(node)) return false
  const exported = all(node.getSourceFile(), isFunction).filter(isExported)
  return exported.length > 0 && exported.every(isHandler)
}

/** `middleware(async ({ ctx, next }) => …)`. */
function takesNext({ name }: ts.ParameterDeclaration): boolean {
  return ts.isObjectBindingPattern(name) && name.elements.some((each) => each.name.getText() === 'next')
}

/** `action.schema(…).action(async ({ parsedInput, ctx }) => …)`, `createServerFn().handler(async ({ data }) => …)`. */
function isServerAction({ parent }: FunctionNode, { name }: ts.ParameterDeclaration): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    ACTIONS.test(parent.expression.name.text) &&
    ts.isObjectBindingPattern(name) &&
    name.elements.some((each) => GIVEN.test((each.propertyName ?? each.name).getText()))
  )
}

function isTyped({ type }: ts.ParameterDeclaration, pattern: RegExp): boolean {
  return type !== undefined && pattern.test(type.getText())
}

/** `app.get('/path', async (req, res) => …)`, `procedure.query(async ({ input }) => …)`. */
function isRegistered(node: FunctionNode): boolean {
  const { parent } = node
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false
  const index = parent.arguments.indexOf(node as unknown as ts.Expression)
  const [first] = parent.arguments
  const isProcedure = /^(?:query|mutation|subscription)$/.test(parent.expression.name.text)
  const hasPath = first !== undefined && ts.isStringLiteralLike(first) && first.text.startsWith('/')
  return index >= 0 && REGISTERS.test(parent.expression.name.text) && (isProcedure || hasPath)
}

function isArgument(node: FunctionNode): boolean {
  return ts.isCallExpression(node.parent) && ts.isArrowFunction(node)
}

function isComponent(node: FunctionNode): boolean {
  return /\.[jt]sx$/.test(node.getSourceFile().fileName) && /^[A-Z][a-z]/.test(nameGivenTo(node))
}
