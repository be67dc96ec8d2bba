// Everything that must hold before a commit lands, cheap steps first; stops at the first that does not.
// `--skip STEP` leaves one out.
import { spawnSync } from 'node:child_process'

const steps = ['build', 'types', 'lint', 'format:check', 'deps', 'unused', 'fresh', 'package', 'test']

const skipped = process.argv.flatMap((word, at, words) => (words[at - 1] === '--skip' ? [word] : []))
const unknown = skipped.filter((name) => !steps.includes(name))
if (unknown.length > 0) {
  console.error(`check: there is no step ${unknown.join(', ')}; steps are ${steps.join(', ')}`)
  process.exit(2)
}

const rows = []
let failed
for (const name of steps.filter((step) => !skipped.includes(step))) {
  const startedMs = performance.now()
  const { status, signal } = spawnSync('npm', ['run', '--silent', name], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const row = `${status === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(12)}  ${seconds.padStart(6)} s`
  rows.push(row)
  console.error(row)
  if (status === 0) continue
  failed = { name, because: signal ?? `exit code ${status}`, code: signal === 'SIGINT' ? 130 : 1 }
  break
}

console.error(`\ncheck\n${rows.join('\n')}`)
if (failed) console.error(`\n${failed.name} failed (${failed.because}). Alone: npm run ${failed.name}`)
process.exitCode = failed?.code ?? 0
