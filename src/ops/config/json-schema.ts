import { z } from 'zod'
import { probesSchema } from './probes/probes-schema.js'
import { scenarioSchema } from './scenario-schema.js'
import { schema } from './schema.js'

/** The schema of a project file for editors: as it is written, before durations are read. */
export function jsonSchema(): object {
  return {
    ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }),
    title: 'transparent-cache: cache.config.{json,yaml,mjs,ts}, or `cache` in package.json',
  }
}

/** The schema of a scenario, as it is written. */
export function scenarioJsonSchema(): object {
  return {
    ...z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' }),
    title: 'transparent-cache: a scenario for cache simulate-outage --scenario',
  }
}

/** The schema of a file of probes, as it is written. */
export function probesJsonSchema(): object {
  return {
    ...z.toJSONSchema(probesSchema, { io: 'input', target: 'draft-7' }),
    title: 'transparent-cache: what an app is asked by cache simulate-outage --probes',
  }
}
