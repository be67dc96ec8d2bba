// The long runs, whose last real output is committed under docs/proof/: `npm run proof`, or `npm run proof -- bench`.
// Alone on the machine, or the figures tell of its neighbours.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const cli = (...words) => [process.execPath, 'bin/run.js', ...words]
const bench = (...parts) => ['npm', 'run', '--silent', 'bench', '--', ...parts]
const drills = (subject, ...more) => cli('simulate-outage', '--subject', subject, ...more)

const exampleApp = (app, version, first, second, ...more) => {
  const drill = ['--drill', first, '--drill', second, '--with', 'supabase', ...more]
  const asked = ['--ready', 'http://127.0.0.1:3000/health', '--probes', `examples/${app}/probes.yaml`]
  return cli('simulate-outage', ...drill, ...asked, '--', 'node', `examples/${app}/${version}.mjs`)
}

const load = (...words) => cli('load-test', '--fault', 'stall', ...words)
const SLOS = [
  'during.errors == 0',
  'during.p95 < 250ms',
  'after.recover < 5s',
  'after.hit_rate > 0.9 * before within 5s',
]
const APP_SLOS = [
  'during.errors == 0',
  'during.server_errors == 0',
  'during.p95 < 500ms',
  'after.recover < 5s',
]
const promises = (slos) => slos.flatMap((slo) => ['--slo', slo])
const loadedApp = (version) => {
  const asked = ['--ready', 'http://127.0.0.1:3000/health', '--probes', 'examples/express-app/load.yaml']
  const app = ['--', 'node', `examples/express-app/${version}.mjs`]
  const line = load('--rate', '50', '--with', 'supabase', ...promises(APP_SLOS), ...asked, ...app)
  // Once Redis is back the naive service answers 450 requests at once, and to read those keeps the generator from its schedule
  // for some milliseconds; what is judged are hundreds.
  return ['env', 'CACHE_LOAD_LATENESS=25ms', ...line]
}
const LABELS = '../shared/audit/labels.jsonl'
// The reports that are compared are thrown away, what is said of them is not.
const SAVED = mkdtempSync(join(tmpdir(), 'proof-'))
const saved = (name) => join(SAVED, `${name}.json`)

const PROOFS = {
  bench: { lines: [bench('startup', 'codec', 'limiter', 'outage')], codes: [0] },
  'bench-cache': { lines: [bench('cache')], codes: [0] },
  'bench-stores': { lines: [bench('stores')], codes: [0] },
  'bench-keys': { lines: [bench('keys')], codes: [0] },
  'bench-audit': { lines: [bench('audit')], codes: [0] },
  'bench-load': { lines: [bench('load')], codes: [0] },
  'bench-peers': { lines: [bench('peers')], codes: [0] },
  // The naive subjects are there to fail.
  drills: {
    lines: [
      drills('library'),
      drills('naive-ioredis6'),
      drills('naive-ioredis5'),
      drills('library-upstash', '--suite', 'upstash'),
      drills('naive-upstash', '--suite', 'upstash'),
    ],
    codes: [0, 1, 1, 0, 1],
  },
  'drills-stores': {
    lines: [drills('stores', '--suite', 'security'), drills('naive-stores', '--suite', 'security')],
    codes: [0, 1],
  },
  'drills-full': { lines: [cli('simulate-outage', '--suite', 'full')], codes: [0] },
  'drills-apps': {
    lines: [
      ...['naive', 'fixed'].map((version) => exampleApp('express-app', version, 'stall', 'refused')),
      ...['naive', 'fixed'].map((version) =>
        exampleApp('upstash-app', version, 'upstash-hang', 'refused', '--backend', 'upstash'),
      ),
      ...['keyv', 'bentocache'].map((name) =>
        cli('simulate-outage', '--drill', 'refused', '--module', `examples/modules/${name}.mjs`),
      ),
    ],
    codes: [1, 0, 1, 0, 1, 1],
  },
  load: {
    lines: [
      load(...promises(SLOS), '--output', `json=${saved('library')}`),
      load('--subject', 'naive-ioredis6', ...promises(SLOS), '--output', `json=${saved('naive')}`),
      loadedApp('naive'),
      loadedApp('fixed'),
      cli('load-test', 'compare', saved('library'), saved('naive')),
    ],
    codes: [0, 1, 1, 0, 1],
  },
  corpus: {
    lines: [['npm', 'run', '--silent', 'corpus', '--', '--jobs', '2', '--again', '2']],
    codes: [0],
  },
  // A verdict that is not the same each time is a defect of ours.
  'corpus-flips': {
    lines: [['npm', 'run', '--silent', 'corpus', '--', '--repeat', '5', '--jobs', '2', '--again', '2']],
    codes: [0],
  },
  suites: { lines: [['npx', 'vitest', 'run', '--project', 'long', '--project', 'slow']], codes: [0] },
  // The labelled repositories, at their commits, are in an ignored folder: see docs/audit.md.
  'audit-score': {
    lines: [
      [
        'npm',
        'run',
        '--silent',
        'audit:score',
        '--',
        '--labels',
        LABELS,
        '--checkouts',
        '.checkouts',
        '--misses',
      ],
    ],
    codes: [0],
  },
  audit: {
    lines: [cli('audit', 'src', 'commands'), cli('audit', '.checkouts/qckstrt')],
    codes: [0, 1],
  },
  hazards: { lines: [['npm', 'run', '--silent', 'hazards']], codes: [0] },
  soak: {
    lines: [
      ['npm', 'run', '--silent', 'soak'],
      ['npm', 'run', '--silent', 'soak', '--', '--mutants', '--seed', '21'],
    ],
    codes: [0, 0],
  },
  purge: {
    lines: [['npx', 'vitest', 'run', 'test/ops/keyspace/purge/hostile.test.ts', '--reporter', 'verbose']],
    codes: [0],
    env: { PURGE_RUNS: '5000' },
  },
  'keys-memory': {
    lines: [['npx', 'vitest', 'run', 'test/ops/keyspace/memory.test.ts', '--reporter', 'verbose']],
    codes: [0],
    env: { KEYS: '1000000' },
  },
  model: {
    lines: [['npx', 'vitest', 'run', 'test/library/cache/model.test.ts', '--reporter', 'verbose']],
    codes: [0],
    env: { SOAK_SECONDS: '300' },
  },
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in PROOFS))
if (unknown.length > 0) {
  console.error(`proof: there is no ${unknown.join(', ')}; there are ${Object.keys(PROOFS).join(', ')}`)
  process.exit(2)
}

for (const name of chosen.length > 0 ? chosen : Object.keys(PROOFS)) {
  const { lines, codes, env = {} } = PROOFS[name]
  const text = [`${new Date().toISOString().slice(0, 10)}, Node ${process.version}`]
  lines.forEach((line, index) => {
    console.error(`proof ${name}: ${shown(line)}`)
    const { stdout, status } = spawnSync(line[0], line.slice(1), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env, NO_COLOR: '1' },
    })
    const asked = Object.entries(env).map(([key, value]) => `${key}=${value} `)
    text.push(
      '',
      `$ ${asked.join('')}${shown(line)}`,
      stdout.replaceAll(process.cwd(), '.').replaceAll(SAVED, '.').trimEnd(),
      `exit ${status}`,
    )
    if (status === codes[index]) return
    console.error(`proof ${name}: exit ${status} where ${codes[index]} was expected`)
    process.exitCode = 1
  })
  writeFileSync(`docs/proof/${name}.txt`, `${text.join('\n')}\n`)
}

rmSync(SAVED, { recursive: true, force: true })

/** As it is typed: a promise has blanks. */
function shown(line) {
  const words = line.map((word) => (/[\s<>*]/.test(word) ? `'${word}'` : word))
  return words.join(' ').replace(`${process.execPath} bin/run.js`, 'cache').replaceAll(SAVED, '.')
}
