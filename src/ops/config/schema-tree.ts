import { z } from 'zod'
import { schema } from './schema.js'

/** One setting that can be given alone. */
export interface Leaf {
  /** Such as `outage.rate`. */
  path: string
  description: string
  /** As it would be written; undefined where there is none. */
  usual: unknown
}

/** The single settings; records hold names of the user's own and have none. */
export function leaves(node: z.ZodType = schema, prefix = ''): Leaf[] {
  const inner = unwrap(node)
  if (inner instanceof z.ZodRecord) return []
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, child]) =>
      // Of the editor, not of ours.
      key === '$schema' ? [] : leaves(child, prefix ? `${prefix}.${key}` : key),
    )
  }
  return [{ path: prefix, description: node.description ?? '', usual: usualOf(node) }]
}

/** What may stand at a path. */
export function keysAt(path: readonly string[]): string[] {
  let node = unwrap(schema)
  for (const key of path) {
    if (node instanceof z.ZodObject) node = unwrap(node.shape[key] as z.ZodType)
    else if (node instanceof z.ZodRecord) node = unwrap(node.valueType as z.ZodType)
  }
  return node instanceof z.ZodObject ? Object.keys(node.shape) : []
}

function unwrap(node: z.ZodType): z.ZodType {
  let inner = node
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional)
    inner = inner.unwrap() as z.ZodType
  return inner
}

function usualOf(node: z.ZodType): unknown {
  return node instanceof z.ZodDefault || node instanceof z.ZodPrefault ? node.def.defaultValue : undefined
}
