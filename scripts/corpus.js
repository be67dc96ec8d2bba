// Bundles test/corpus/ and runs it: `npm run corpus`, or `npm run corpus -- --case ID --repeat 5 --seed 7 --group apps --jobs 2`.
// `--list` shows the cases, `--again 2` makes a drill again that could not tell, as on a machine that others keep busy. Takes about
// 15 minutes for each repetition, alone on the machine.
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
