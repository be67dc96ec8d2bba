// `npm run soak`: see soak.ts. Bundled and run by scripts/soak.js.
import { readOptions } from './options.js'
import { inWords } from './in-words.js'
import { soak } from './soak.js'

const read = readOptions(process.argv.slice(2))
if ('error' in read) {
  console.error(`soak: ${read.error}`)
  process.exit(2)
}
const stop = new AbortController()
let signal: NodeJS.Signals | null = null
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    signal = name
    stop.abort()
  })
}
console.error(`soak: ${read.seconds} s, seed ${read.seed}`)
const report = await soak({
  ...read,
  signal: stop.signal,
  onProgress(seconds, operations) {
    if (seconds % Math.max(5, Math.floor(read.seconds / 10)) === 0)
      console.error(`soak: ${seconds} s, ${operations} operations`)
  },
})
const document = { schema: 1, command: 'soak', verdict: report.violation ? 'fail' : 'pass', ...report }
console.log(read.json ? JSON.stringify(document) : inWords(report))
process.exitCode = report.violation ? 1 : signal ? (signal === 'SIGINT' ? 130 : 143) : 0
