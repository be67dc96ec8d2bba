import { cpus } from 'node:os'
import { setLogger } from '../src/library/index.js'
import { benchAudit } from './audit.js'
import { benchCache } from './cache-speed.js'
import { benchCodec } from './codec.js'
import { benchKeys } from './keys.js'
import { benchLimiter } from './limiter.js'
import { benchLoad } from './load.js'
import { benchOutage } from './outage.js'
import { benchPeers } from './peer-outage.js'
import { benchStartup } from './startup.js'
import { benchStores } from './stores.js'
import { broken, untold } from './table.js'

// What the subjects say about the outage is not what is measured here, and ioredis says it once per attempt.
setLogger(null)
globalThis.console.error = () => undefined

const parts: Record<string, () => void | Promise<void>> = {
  startup: benchStartup,
  codec: benchCodec,
  cache: benchCache,
  limiter: benchLimiter,
  stores: benchStores,
  keys: benchKeys,
  outage: benchOutage,
  load: benchLoad,
  audit: benchAudit,
  peers: benchPeers,
}
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in parts))
if (unknown.length > 0) {
  process.stderr.write(
    `bench: there is no ${unknown.join(', ')}; parts are ${Object.keys(parts).join(', ')}\n`,
  )
  process.exit(2)
}
const date = new Date().toISOString().slice(0, 10)
process.stdout.write(
  `npm run bench · ${date} · Node ${process.version} · ${cpus().length} × ${cpus()[0]?.model.trim()}\n\n`,
)
for (const [name, bench] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  await bench()
  process.stdout.write('\n')
}
const text = [
  broken().length > 0 && `${broken().length} promises broken`,
  untold().length > 0 && `${untold().length} could not be judged on this machine`,
].filter((part) => part !== false)
process.stdout.write(`${text.join(', ') || 'every promise kept'}\n`)
// 3: a calmer machine can tell.
process.exitCode = broken().length > 0 ? 1 : untold().length > 0 ? 3 : 0
