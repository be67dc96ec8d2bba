// Writes the schemas in docs/ by which editors complete and check a project file, a scenario and a file of probes, from the
// schemas that read them.
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
const { jsonSchema, probesJsonSchema, scenarioJsonSchema } = await import(
  `data:text/javascript;base64,${code}`
)
writeOrCheck('docs/cache.config.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`)
writeOrCheck('docs/scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
writeOrCheck('docs/probes.schema.json', `${JSON.stringify(probesJsonSchema(), null, 2)}\n`)
