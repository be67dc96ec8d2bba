import { z } from 'zod'
import { schema } from './schema.js'

/** The schema of a project file for editors: as it is written, before durations are read. */
export function jsonSchema(): object {
  return {
    ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }),
    title: 'transparent-cache: cache.config.{json,yaml,mjs,ts}, or `cache` in package.json',
  }
}
