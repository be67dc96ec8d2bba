// Everything that must hold before a commit lands: the build, then what only reads, two steps at a time, then the tests
// but for the full suites, alone. Stops at the first that does not hold. `--skip STEP` leaves one out.
import { spawn } from 'node:child_process'

const STATIC = ['types', 'fresh', 'deps', 'format:check']
// Builds the types anew, which nobody may read meanwhile: those two resolve the package by its name.
const PACKAGE = ['package', 'lint', 'unused']
const TESTS = 'test'
// Without the full suites.
const SCRIPTS = { [TESTS]: 'test:short' }
const steps = ['build', ...PACKAGE, ...STATIC, TESTS]

const skipped = process.argv.flatMap((word, at, words) => (words[at - 1] === '--skip' ? [word] : []))
const unknown = skipped.filter((name) => !steps.includes(name))
if (unknown.length > 0) {
  console.error(`check: there is no step ${unknown.join(', ')}; steps are ${steps.join(', ')}`)
  process.exit(2)
}

// The test of the package would build them again.
const env = { ...process.env, ...(!skipped.includes('package') && { TYPES_ARE_BUILT: '1' }) }
const rows = []
let failed
// Ctrl-C is for the step that runs; what it ends with is told.
process.on('SIGINT', () => undefined)
await inOrder(['build'])
const left = [...STATIC]
await Promise.all([inOrder([...PACKAGE]).then(() => inOrder(left)), inOrder(left)])
await inOrder([TESTS])

console.error(`\ncheck\n${rows.join('\n')}`)
if (failed)
  console.error(
    `\n${failed.name} failed (${failed.because}). Alone: npm run ${SCRIPTS[failed.name] ?? failed.name}`,
  )
process.exitCode = failed?.code ?? 0

/** Takes the next from the list until there is none, or one has failed. */
async function inOrder(names) {
  while (names.length > 0 && !failed) {
    const name = names.shift()
    if (!skipped.includes(name)) await run(name)
  }
}

async function run(name) {
  const startedMs = performance.now()
  // What two steps print must not be mixed; the tests take long and are alone.
  const isAlone = name === TESTS
  const child = spawn('npm', ['run', '--silent', SCRIPTS[name] ?? name], {
    env,
    stdio: ['ignore', isAlone ? 'inherit' : 'pipe', isAlone ? 'inherit' : 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (text += data))
  const [status, signal] = await new Promise((resolve) => child.once('close', (...end) => resolve(end)))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const row = `${status === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(12)}  ${seconds.padStart(6)} s`
  rows.push(row)
  process.stderr.write(`${text}${row}\n`)
  if (status === 0 || failed) return
  failed = { name, because: signal ?? `exit code ${status}`, code: signal === 'SIGINT' ? 130 : 1 }
}
