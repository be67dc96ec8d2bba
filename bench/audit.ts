import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median, spread } from './statistics.js'
import { inconclusive, printTable, promise } from './table.js'

const CLI = resolve('bin/run.js')
const ESLINT = resolve('bench/lint/node_modules/eslint/bin/eslint.js')
const ESLINT_CONFIG = resolve('bench/lint/eslint.config.mjs')
/** Repositories that somebody has cloned for `npm run audit:score`; nothing is installed in them. */
const SERVICES = '.checkouts'

interface Tree {
  name: string
  cwd: string
  paths: string[]
  tsconfig: string
  runs: number
}

/** The audit beside a typed linter that applies one rule to the same tree, interleaved; whole processes, as CI starts them. */
export function benchAudit(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-audit-'))
  try {
    const services = existsSync(SERVICES) ? readdirSync(SERVICES).filter(isService).sort() : []
    const ours = timesOf({
      name: 'src and commands of this repository',
      cwd: '.',
      paths: ['src', 'commands'],
      tsconfig: resolve('tsconfig.json'),
      runs: 5,
    })
    const theirs = services.map((name) => timesOf(service(name, scratch)))
    printTable([
      ['tree', 'cache audit, all rules', 'typescript-eslint, one typed rule', '× cache audit'],
      ...[ours, ...theirs].map(({ name, audit, lint }) => [
        name,
        spread(audit),
        spread(lint),
        (median(lint) / median(audit)).toFixed(2),
      ]),
    ])
    // In a service one file in ten speaks of its cache; here every second one does, which is the worst case and no service.
    const text = 'typescript-eslint ≥ 5 × cache audit over the services'
    if (theirs.length === 0) return inconclusive(text, `no service lies in ${SERVICES}`)
    const sum = (of: 'audit' | 'lint') => theirs.reduce((total, each) => total + median(each[of]), 0)
    const ratio = sum('lint') / sum('audit')
    promise(text, `${ratio.toFixed(1)} ×`, ratio >= 5)
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Of some only the labelled files are there. */
function isService(name: string): boolean {
  return existsSync(join(SERVICES, name, 'package.json'))
}

function service(name: string, scratch: string): Tree {
  const cwd = resolve(SERVICES, name)
  const tsconfig = join(scratch, `${name}.json`)
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'preserve',
    experimentalDecorators: true,
    noEmit: true,
    types: [],
  }
  const include = ['ts', 'tsx'].map((each) => `${cwd}/**/*.${each}`)
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions, include }))
  return { name, cwd, paths: ['.'], tsconfig, runs: 2 }
}

/** Milliseconds per run. */
function timesOf({ name, cwd, paths, tsconfig, runs }: Tree): {
  name: string
  audit: number[]
  lint: number[]
} {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const lintFlags = ['--no-config-lookup', '--config', ESLINT_CONFIG, '--no-inline-config', '--quiet']
  const argv = {
    audit: [CLI, 'audit', '--json', ...paths],
    lint: [ESLINT, ...lintFlags, ...paths],
  }
  const times = { audit: [] as number[], lint: [] as number[] }
  for (let run = -1; run < runs; run++) {
    for (const tool of ['audit', 'lint'] as const) {
      const startedAt = performance.now()
      const { status } = spawnSync(process.execPath, argv[tool], {
        cwd,
        env: { ...env, LINT_TSCONFIG: tsconfig },
        stdio: 'ignore',
      })
      // 1: it found something; whatever else is no run that may be timed.
      if (status !== 0 && status !== 1) throw new Error(`${tool} of ${name} ended with ${status}`)
      // The first round only fills the file cache.
      if (run >= 0) times[tool].push(performance.now() - startedAt)
    }
  }
  return { name, ...times }
}
