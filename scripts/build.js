// Bundles the CLI (everything in, so that start-up reads few files) and the library (nothing in, so that embedders keep
// their own client). Types come from `npm run build:types`.
import { rmSync } from 'node:fs'
import { globSync } from './glob.js'
import { build } from 'esbuild'

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: false,
}

rmSync('dist', { recursive: true, force: true })

await Promise.all([
  build({
    ...common,
    entryPoints: [
      'src/cli/main.ts',
      ...globSync('commands', '.ts'),
      // Each of these runs as a process of its own.
      'src/ops/experiment/host.ts',
    ],
    outdir: 'dist',
    outbase: '.',
    entryNames: '[dir]/[name]',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // Bundled CommonJS packages call require() for node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }),
  build({
    ...common,
    entryPoints: ['src/library/index.ts'],
    outdir: 'dist/library',
    splitting: true,
    packages: 'external',
  }),
])
