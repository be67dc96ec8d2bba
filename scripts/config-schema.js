// Writes docs/cache.config.schema.json and docs/scenario.schema.json, by which editors complete and check a project file and
// a scenario, from the schemas that read them.
import { build } from 'esbuild'
import { writeOrCheck } from './write-or-check.js'

const { outputFiles } = await build({
  entryPoints: ['src/ops/config/json-schema.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
  logLevel: 'warning',
})
const code = Buffer.from(outputFiles[0].contents).toString('base64')
const { jsonSchema, scenarioJsonSchema } = await import(`data:text/javascript;base64,${code}`)
writeOrCheck('docs/cache.config.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`)
writeOrCheck('docs/scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
