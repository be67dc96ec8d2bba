// Runs command lines that its parent sends, one after the other and each as bin/run.js would: on the real streams, with
// this process's environment. A process for each would cost half a minute of starting.
import { writeSync } from 'node:fs'

const root = new URL('../../../', import.meta.url)
const { run } = await import(new URL('dist/src/cli/main.js', root))
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const ends = ['exit', 'uncaughtException', 'unhandledRejection', 'warning', ...signals]
const { exit } = process

process.on('message', (line) => void runLine(line))
process.on('disconnect', () => exit(0))
process.send('ready')

async function runLine({ argv, cwd, mark }) {
  process.chdir(cwd)
  process.exitCode = undefined
  // What ends one line must not end the others; who leaves late, because something was still open, has no exit code to set.
  const left = new Promise((done) => {
    process.exit = (code = process.exitCode) => {
      process.exitCode = code
      if (code !== undefined) done()
    }
  })
  await Promise.race([run(argv, root), left])
  for (const event of ends) process.removeAllListeners(event)
  // The guard over what dependencies print is one for each line; two would hide what the first lets through.
  for (const stream of [process.stdout, process.stderr]) delete stream.write
  for (const descriptor of [1, 2]) writeSync(descriptor, mark)
  process.send({ code: process.exitCode ?? null })
}
