import type ts from 'typescript'
import type { Project } from '../project/project.js'

// The modules of Redis, as both clients call them; and what people call a part of a client of their own.
const MODULES = /^(?:json|ft|bf|cf|cms|topK|tDigest|tdigest|ts|graph|vset)$/
const PARTS =
  /^(?:packed|raw|buffers?|text|binary|compressed|typed|promises|async|data|store|values|strings?|kv|v4)$/

/** By its name alone; the type of what it is a part of is asked only then. */
export function mayBePart(name: string): boolean {
  return MODULES.test(name) || PARTS.test(name)
}

/** Whether a member has some of the commands of what it is a member of: `client.json`, `redis.packed`. */
export function isPartOf(
  kind: 'client' | 'cache' | 'limiter',
  node: ts.PropertyAccessExpression,
  project: Project,
): boolean {
  if (MODULES.test(node.name.text)) return kind === 'client'
  if (kind === 'limiter') return false
  const type = project.typeOf(node)
  return type.callOf('get') !== undefined && type.callOf('set') !== undefined
}
