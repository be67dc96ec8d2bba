import { cpus } from 'node:os'
import { setLogger } from '../src/library/index.js'
import { benchOutage } from './outage.js'
import { benchStartup } from './startup.js'
import { broken } from './table.js'

// What the subjects say about the outage is not what is measured here, and ioredis says it once per attempt.
setLogger(null)
globalThis.console.error = () => undefined

const date = new Date().toISOString().slice(0, 10)
process.stdout.write(
  `npm run bench · ${date} · Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model.trim()}\n\n`,
)
benchStartup()
process.stdout.write('\n')
await benchOutage()
process.stdout.write(
  `\n${broken().length === 0 ? 'every promise kept' : `${broken().length} promises broken`}\n`,
)
process.exitCode = broken().length === 0 ? 0 : 1
