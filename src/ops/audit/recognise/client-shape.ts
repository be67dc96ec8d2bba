import ts from 'typescript'
import type { Project } from '../project/project.js'

const NAMES_CLIENT = /redis|valkey|upstash/i
const COMMAND =
  /^(?:m?get|set|getex|getdel|setex|psetex|setnx|mset|del|unlink|exists|p?ttl|p?expire(?:at)?|(?:in|de)cr(?:by)?|h[a-z]{2,}|z[a-z]{2,}|s(?:add|rem|card|members|ismember|can)|l(?:push|pop|range|trim|len|rem)|r(?:push|pop)|eval(?:sha)?|scan|keys|pipeline|multi|ping|publish|sendCommand)$/i
// A cache has these as well.
const PLAIN = /^(?:m?get|m?set|del|exists|keys|ttl|ping|has\w*)$/i

/** An interface that asks of Redis what it needs of it: `{ incr(key): Promise<number>; expire(…): … }`, whoever implements it. */
export function isClientShaped(node: ts.InterfaceDeclaration, project: Project): boolean {
  if (!NAMES_CLIENT.test(node.name.text)) return false
  const methods = node.members.filter(isMethod)
  const commands = methods.filter(({ name }) => COMMAND.test(name.getText()))
  // What a service offers besides, in its own words, makes it one of ours.
  if (commands.length < 2 || commands.length < methods.length - 1) return false
  if (commands.every(({ name }) => PLAIN.test(name.getText()))) return false
  return commands.some((each) => isAsynchronous(each, project))
}

type Method = ts.MethodSignature | (ts.PropertySignature & { type: ts.FunctionTypeNode })

function isMethod(node: ts.TypeElement): node is Method {
  return (
    ts.isMethodSignature(node) ||
    (ts.isPropertySignature(node) && node.type !== undefined && ts.isFunctionTypeNode(node.type))
  )
}

function isAsynchronous(node: Method, project: Project): boolean {
  return project.returnTypeOf(ts.isMethodSignature(node) ? node : node.type).isPromise
}
