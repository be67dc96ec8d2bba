import { z } from 'zod'

export type Schema = z.ZodType

/**
 * The part of a path that a schema names itself: a key below a `z.record` is the file's own, and may be anything.
 *
 * @param path of an issue of that schema
 */
export function pathWithin(schema: Schema, path: readonly PropertyKey[]): readonly PropertyKey[] {
  let node: unknown = schema
  for (const [depth, key] of path.entries()) {
    node = bare(node)
    if (node instanceof z.ZodObject) node = (node.shape as Record<PropertyKey, unknown>)[key]
    else if (node instanceof z.ZodArray) node = node.element
    else return path.slice(0, depth)
  }
  return path
}

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return bare(schema.unwrap())
  return schema
}
