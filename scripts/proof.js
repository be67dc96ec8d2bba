// The long runs, whose last real output is committed under docs/proof/: `npm run proof`, or `npm run proof -- bench`.
// Alone on the machine, or the figures tell of its neighbours.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const cli = (...words) => [process.execPath, 'bin/run.js', ...words]
const bench = (...parts) => ['npm', 'run', '--silent', 'bench', '--', ...parts]
const drills = (subject, ...more) => cli('simulate-outage', '--subject', subject, ...more)

const exampleApp = (app, version, first, second, ...more) => {
  const drill = ['--drill', first, '--drill', second, '--with', 'supabase', ...more]
  const asked = ['--ready', 'http://127.0.0.1:3000/health', '--probes', `examples/${app}/probes.yaml`]
  return cli('simulate-outage', ...drill, ...asked, '--', 'node', `examples/${app}/${version}.mjs`)
}

const PROOFS = {
  bench: { lines: [bench('startup', 'codec', 'limiter', 'outage')], codes: [0] },
  'bench-cache': { lines: [bench('cache')], codes: [0] },
  'bench-stores': { lines: [bench('stores')], codes: [0] },
  'bench-keys': { lines: [bench('keys')], codes: [0] },
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
      stdout.replaceAll(process.cwd(), '.').trimEnd(),
      `exit ${status}`,
    )
    if (status === codes[index]) return
    console.error(`proof ${name}: exit ${status} where ${codes[index]} was expected`)
    process.exitCode = 1
  })
  writeFileSync(`docs/proof/${name}.txt`, `${text.join('\n')}\n`)
}

function shown(line) {
  return line.join(' ').replace(`${process.execPath} bin/run.js`, 'cache')
}
