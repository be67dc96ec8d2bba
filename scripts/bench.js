// Bundles bench/ and runs it: `npm run bench`, or `npm run bench -- codec`. Takes about six minutes, alone on the machine.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { build } from 'esbuild'

const outfile = 'node_modules/.cache/transparent-cache/bench.mjs'
mkdirSync('node_modules/.cache/transparent-cache', { recursive: true })
await build({
  entryPoints: ['bench/run.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
process.exitCode =
  spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
