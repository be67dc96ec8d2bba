// Bundles test/corpus/ and runs it: `npm run corpus`, or `npm run corpus -- --case ID --repeat 5 --seed 7 --group apps --jobs 2`.
// Takes about 15 minutes with two jobs, for each repetition.
import { build } from 'esbuild'

const file = 'node_modules/.cache/transparent-cache/corpus/main.mjs'
await build({
  entryPoints: ['test/corpus/main.ts'],
  outfile: file,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
await import(new URL(`../${file}`, import.meta.url).href)
