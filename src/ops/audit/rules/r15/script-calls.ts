import ts from 'typescript'
import { commandsIn } from '../../recognise/commands.js'
import type { RuleContext } from '../../rule.js'
import { all, bare, lastName } from '../../syntax.js'
import { handedOnIn } from './handed-on.js'
import { luaIn } from './lua-source.js'

/** A call that runs a script. */
export interface ScriptCall {
  call: ts.CallExpression
  /** The script; undefined where it is not in the code. */
  lua: string | undefined
  /** What is passed, and as which ARGV where the call says so. */
  args: { node: ts.Expression; index?: number }[]
}

/** The calls that run scripts, however the client spells them. */
export function scriptCallsIn(file: ts.SourceFile, context: RuleContext): ScriptCall[] {
  return [...evaluated(file, context), ...named(file, context), ...handedOn(file, context)]
}

/** `eval`, `evalsha` and `fcall`. */
function evaluated(file: ts.SourceFile, context: RuleContext): ScriptCall[] {
  return commandsIn(file, context).flatMap(({ call, name, args, on }) => {
    const [script, ...rest] = args
    if (!/^(?:eval|fcall)/.test(name) || !script) return []
    const lua = luaIn(script, context)
    const isScript = on !== undefined || lua !== undefined || name.startsWith('evalsha')
    return isScript ? [{ call, lua, args: passed(rest, context) }] : []
  })
}

/** `defineCommand('name', { lua })`, `scripts: { name: { lua } }`, and `createScript(lua).exec(keys, args)`. */
function named(file: ts.SourceFile, context: RuleContext): ScriptCall[] {
  const defined = definedIn(file)
  return all(file, ts.isCallExpression).flatMap((call): ScriptCall[] => {
    const callee = bare(call.expression)
    const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)
    if (!isMember) return []
    const definition = defined.get(lastName(callee))
    if (definition) {
      const lua = luaIn(definition.lua, context)
      const first = definition.keys
      return [{ call, lua, args: numbered(call.arguments, first, context) }]
    }
    if (!/^(?:exec|eval|evalsha)$/i.test(lastName(callee))) return []
    const script = createdScript(callee.expression, context)
    return script ? [{ call, lua: luaIn(script, context), args: passed(call.arguments, context) }] : []
  })
}

/** By a function that hands them on, where the script is in the code. */
function handedOn(file: ts.SourceFile, context: RuleContext): ScriptCall[] {
  return handedOnIn(file, context).flatMap(({ call, script, values }) => {
    const lua = luaIn(script, context)
    return lua === undefined ? [] : [{ call, lua, args: indexed(listOf(values, context) ?? [], 1) }]
  })
}

function definedIn(file: ts.SourceFile): Map<string, { lua: ts.Expression; keys: number | undefined }> {
  const found = new Map<string, { lua: ts.Expression; keys: number | undefined }>()
  for (const literal of all(file, ts.isObjectLiteralExpression)) {
    const lua = memberOf(literal, 'lua')
    const { parent } = literal
    const name = ts.isPropertyAssignment(parent)
      ? parent.name.getText()
      : ts.isCallExpression(parent) && lastName(parent.expression) === 'defineCommand'
        ? parent.arguments[0]?.getText()
        : undefined
    if (!lua || !name) continue
    const keys = memberOf(literal, 'numberOfKeys')
    found.set(name.replaceAll(/['"`]/g, ''), {
      lua,
      keys: keys && ts.isNumericLiteral(keys) ? Number(keys.text) : undefined,
    })
  }
  return found
}

function memberOf(literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = literal.properties.find((each) => each.name?.getText() === name)
  if (property && ts.isPropertyAssignment(property)) return bare(property.initializer)
  return property && ts.isShorthandPropertyAssignment(property) ? property.name : undefined
}

function createdScript(receiver: ts.Expression, { project }: RuleContext): ts.Expression | undefined {
  const node = bare(receiver)
  if (ts.isCallExpression(node))
    return lastName(node.expression) === 'createScript' ? node.arguments[0] : undefined
  const declaration =
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
      ? project.declarationOf(ts.isPropertyAccessExpression(node) ? node.name : node)
      : undefined
  const isHolder =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration))
  const made = isHolder && declaration.initializer ? bare(declaration.initializer) : undefined
  return made && ts.isCallExpression(made) && lastName(made.expression) === 'createScript'
    ? made.arguments[0]
    : undefined
}

/** What follows the script: `{ keys, arguments }`, two arrays, or the number of keys and everything in a row. */
function passed(rest: readonly ts.Expression[], context: RuleContext): ScriptCall['args'] {
  const lists = rest.map((each) => listOf(each, context))
  const options = rest[0] && bare(rest[0])
  if (options && ts.isObjectLiteralExpression(options)) {
    const list = memberOf(options, 'arguments')
    return list ? indexed(listOf(list, context) ?? [], 1) : []
  }
  if (lists[0] || lists[1]) return indexed(lists[1] ?? [], 1)
  const count = rest[0] && bare(rest[0])
  const keys = count && ts.isNumericLiteral(count) ? Number(count.text) : undefined
  return numbered(rest.slice(1), keys, context)
}

function numbered(
  values: readonly ts.Expression[],
  keys: number | undefined,
  context: RuleContext,
): ScriptCall['args'] {
  const flat = values.flatMap((each) =>
    ts.isSpreadElement(each)
      ? (listOf(each.expression, context) ?? [each])
      : [...(listOf(each, context) ?? [each])],
  )
  if (keys === undefined || flat.some(ts.isSpreadElement)) return flat.map((node) => ({ node }))
  return indexed(flat.slice(keys), 1)
}

function indexed(values: readonly ts.Expression[], from: number): ScriptCall['args'] {
  const open = values.findIndex(ts.isSpreadElement)
  return values.map((node, at) => (open >= 0 && at >= open ? { node } : { node, index: at + from }))
}

/** The elements of an array that stands in the code, also behind `.map(String)`. */
function listOf(node: ts.Expression, { project }: RuleContext): readonly ts.Expression[] | undefined {
  let value = bare(node)
  if (
    ts.isCallExpression(value) &&
    lastName(value.expression) === 'map' &&
    ts.isPropertyAccessExpression(value.expression)
  )
    value = bare(value.expression.expression)
  if (ts.isIdentifier(value)) {
    const declaration = project.declarationOf(value)
    if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
      value = bare(declaration.initializer)
  }
  return ts.isArrayLiteralExpression(value) ? value.elements : undefined
}
