// Runs the test suite on the versions of Node that we support, as the workflow does: `npm run matrix -- 22 24`, or all.
// Each is the npm package `node@N`, in a directory of its own outside the repository that is removed afterwards.
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const supported = ['20', '22', '24']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((version) => !supported.includes(version))
if (unknown.length > 0) {
  console.error(`matrix: Node ${unknown.join(', ')} is not among ${supported.join(', ')}`)
  process.exit(2)
}

const directory = mkdtempSync(join(tmpdir(), 'cache-matrix-'))
// A test runs the CLI as somebody who may not read everything, who must be able to run this Node.
chmodSync(directory, 0o755)
const rows = []
let stopped
// Ctrl-C reaches the whole process group, so what we started ends by itself; what is left to do is to clean up.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (stopped = signal))
try {
  for (const step of [
    ['sh', 'scripts/ensure-redis'],
    ['npm', 'run', '--silent', 'build'],
  ]) {
    if (!(await run(step)).ok) throw new Error(`${step.join(' ')} failed`)
  }
  for (const version of wanted.length > 0 ? wanted : supported) {
    if (stopped) break
    rows.push(await testOn(version))
    console.error(rows.at(-1))
  }
} catch (error) {
  rows.push(`FAIL  ${error.message}`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
if (stopped) rows.push(`stopped by ${String(stopped)}`)
console.log(`\nmatrix\n${rows.join('\n')}`)
process.exitCode = stopped === 'SIGINT' ? 130 : rows.every((row) => row.startsWith('ok')) ? 0 : 1

/** A row of the table. */
async function testOn(version) {
  const row = (word, exact, seconds, result) =>
    `${word.padEnd(4)}  ${exact.padEnd(10)}  ${seconds.padStart(6)}  ${result}`
  const node = await install(version)
  if (!node) return row('FAIL', `v${version}`, '-', `node@${version} could not be installed`)
  const { lastLine: exact } = await run([node, '--version'])
  const startedMs = performance.now()
  // What tests start by name must be the same Node.
  const PATH = [dirname(node), process.env.PATH].join(delimiter)
  const { ok, how, lastLine } = await run([node, 'node_modules/vitest/vitest.mjs', 'run'], { PATH })
  const seconds = `${Math.round((performance.now() - startedMs) / 1000)} s`
  return row(ok ? 'ok' : 'FAIL', exact, seconds, ok ? lastLine : `${lastLine} (${how})`)
}

/** The path of its binary, which the package's own install script puts there. */
async function install(version) {
  const prefix = join(directory, version)
  const flags = ['--prefix', prefix, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts=false']
  const { ok } = await run(['npm', 'install', ...flags, `node@${version}`])
  const node = join(prefix, 'node_modules/node/bin/node')
  return ok && existsSync(node) ? node : undefined
}

/** Shows everything on stderr, where it does not mix with the table, and keeps the last line of stdout. */
function run([command, ...args], env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    let tail = ''
    child.stdout.on('data', (chunk) => {
      process.stderr.write(chunk)
      tail = (tail + chunk).slice(-2000)
    })
    child.on('error', (error) => resolve({ ok: false, how: error.message, lastLine: '' }))
    child.on('close', (code, signal) => {
      const lastLine = tail.trimEnd().split('\n').at(-1)
      resolve({ ok: code === 0, how: signal ?? `exit code ${code}`, lastLine })
    })
  })
}
