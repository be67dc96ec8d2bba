// Bundles test/soak/ and runs it: `npm run soak -- --seconds 60 --seed 7`. Alone on the machine for the long run.
// `--mutant NAME` damages the library first, and the soak must fail; `--mutants` does so with each, 60 s at most.
import { fork } from 'node:child_process'
import { build } from 'esbuild'
import { mutants, mutate } from './soak-mutants.js'

const bundle = async (name, mutant) => {
  const directory = `node_modules/.cache/transparent-cache/soak/${name}`
  await build({
    entryPoints: [
      { in: 'test/soak/main.ts', out: 'main' },
      { in: 'test/soak/process/main.ts', out: 'process' },
    ],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    plugins: mutant ? [mutate(mutant)] : [],
  })
  return `${directory}/main.mjs`
}

const words = process.argv.slice(2)
const at = words.indexOf('--mutant')
const chosen = words.includes('--mutants')
  ? Object.keys(mutants)
  : at === -1
    ? []
    : words.splice(at, 2).slice(1)
const unknown = chosen.filter((name) => !(name in mutants))
if (unknown.length > 0 || (at !== -1 && chosen.length === 0)) {
  console.error(
    `soak: there is no mutant ${unknown.join() || '(none named)'}; there are ${Object.keys(mutants).join(', ')}`,
  )
  process.exit(2)
}

if (words.includes('--mutants')) await judgeJudge(words.filter((word) => word !== '--mutants'))
else {
  const file = await bundle(chosen[0] ?? 'library', mutants[chosen[0]])
  process.argv.splice(2, Infinity, ...words)
  await import(new URL(`../${file}`, import.meta.url).href)
}

/** Exit 1 when a mutant survives. */
async function judgeJudge(given) {
  for (const name of chosen) {
    const file = await bundle(name, mutants[name])
    const { code, report } = await run(file, ['--seconds', '60', ...given, '--json'])
    const { violation } = report ?? {}
    const found = code === 1 && violation
    if (!found) process.exitCode = 1
    const how = found
      ? `found after ${violation.afterSeconds} s: ${violation.rule}`
      : `NOT FOUND (exit ${code})`
    console.log(`${name.padEnd(24)} ${mutants[name].what.padEnd(58)} ${how}, seed ${report?.seed}`)
  }
}

function run(file, args) {
  return new Promise((resolve) => {
    // With a channel, so that it ends when we do.
    const child = fork(file, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    let text = ''
    child.stdout.on('data', (data) => (text += data))
    child.once('close', (code) => resolve({ code, report: text ? JSON.parse(text) : null }))
  })
}
