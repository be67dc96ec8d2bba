import { setLogger } from '../src/library/index.js'
import { OutageRun } from './cache-host/outage-run.js'
import { concurrent, sequential, warmUp } from './cache-host/speed.js'
import type { Question } from './cache-host/questions.js'
import { FOR_OUTAGES, FOR_SPEED, FOR_STORES } from './cache-peers/index.js'
import type { PeerCache } from './cache-peers/cache-peer.js'

/** A process of one peer's own, which does what its parent asks for, one thing after the other. */
setLogger(null)
for (const level of ['error', 'warn', 'info', 'log'] as const) globalThis.console[level] = () => undefined
// Some peers leave a rejection to nobody; the rest of the measurement still counts.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => undefined)

const name = process.argv[2]
const found = [...FOR_SPEED, ...FOR_OUTAGES, ...FOR_STORES].find((each) => each.name === name)
if (!found) throw new Error(`there is no peer ${name}`)
const { create } = found
let cache: PeerCache | null = null
let run: OutageRun | null = null

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'open':
      cache = await create(question.url)
      return null
    case 'warm-up':
      return warmUp(cache!, question.ms)
    case 'sequential':
      return sequential(cache!, question.ms)
    case 'concurrent':
      return concurrent(cache!, question.callers, question.ms)
    case 'outage-open':
      run = await OutageRun.open(create, question)
      return null
    case 'outage-warm':
      return run!.warm()
    case 'outage-load':
      return run!.load(question.ms)
    case 'outage-end':
      return run!.end(BigInt(question.healedAt))
  }
}

process.on('message', (question: Question) => {
  answer(question).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send!({ result: 'ready' })
