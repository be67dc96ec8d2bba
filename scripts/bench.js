// Bundles bench/ and runs it: `npm run bench`, or `npm run bench -- codec`. Takes about 25 minutes, alone on the
// machine; `cache` takes two of them, `keys` five, `load` five, `audit` three and `peers` eight.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { build } from 'esbuild'

const outdir = 'node_modules/.cache/transparent-cache'
mkdirSync(outdir, { recursive: true })
const bundle = (entry, name, options = {}) =>
  build({
    entryPoints: [entry],
    outfile: `${outdir}/${name}.mjs`,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    ...options,
  })
await bundle('bench/run.ts', 'bench')
await bundle('bench/bare-pass.ts', 'bare-pass')
await bundle('bench/load-subject.ts', 'load-subject')
await bundle('bench/load-server.ts', 'load-server')
await bundle('bench/cache-host.ts', 'cache-host-6')
// As where an application has installed ioredis 5.
await bundle('bench/cache-host.ts', 'cache-host-5', { alias: { ioredis: 'ioredis5' } })

const chosen = process.argv.slice(2)
// What each part is compared with, in a directory of its own.
const INSTALLED = { peers: ['limiter', 'cache', 'peers'], lint: ['audit'] }
for (const [directory, parts] of Object.entries(INSTALLED)) {
  if (chosen.length > 0 && !chosen.some((part) => parts.includes(part))) continue
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', `bench/${directory}`, '--no-audit', '--no-fund', '--loglevel=error'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (status !== 0) {
    console.error(`bench: what is in bench/${directory} could not be installed`)
    process.exit(status ?? 1)
  }
}
process.exitCode =
  spawnSync(process.execPath, [`${outdir}/bench.mjs`, ...chosen], { stdio: 'inherit' }).status ?? 1
