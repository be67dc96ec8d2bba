// Writes docs/cache.config.schema.json, by which editors complete and check a project file, from the schema that reads it.
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
const { jsonSchema } = await import(`data:text/javascript;base64,${code}`)
writeOrCheck('docs/cache.config.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`)
