// `npm run corpus`: drills every case and says whether the drill told the truth. Bundled and run by scripts/corpus.js.
import { cases } from './cases/index.js'
import { matrixOf, type Judged } from './matrix.js'
import { readOptions } from './options.js'
import { play } from './play.js'
import { runCase } from './run-case.js'
import { casesTable, corpusText, rowOf } from './text.js'

const read = readOptions(process.argv.slice(2), cases)
if ('error' in read) {
  console.error(`corpus: ${read.error}`)
  process.exit(2)
}
if (read.list) {
  console.log(casesTable(read.cases))
  process.exit(0)
}
const stop = new AbortController()
let signal: NodeJS.Signals | null = null
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    signal = name
    stop.abort()
  })
}
const startedMs = performance.now()
const passes: Judged[][] = []
for (let pass = 0; pass < read.repeat && !stop.signal.aborted; pass++) {
  const seed = read.seed + pass
  console.error(`corpus: ${read.cases.length} cases, pass ${pass + 1} of ${read.repeat}, seed ${seed}`)
  const judged = await play(read.cases, {
    seed,
    jobs: read.jobs,
    again: read.again,
    signal: stop.signal,
    drill: runCase,
    onJudged: (each) => console.error(rowOf(each).join('  ')),
  })
  passes.push(judged)
}
console.log(corpusText(passes, (performance.now() - startedMs) / 1000))
const isTrue = matrixOf(passes.flat()).wrong.length === 0
process.exitCode = signal ? (signal === 'SIGINT' ? 130 : 143) : isTrue ? 0 : 1
