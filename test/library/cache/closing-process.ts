import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { build } from 'esbuild'

const OUT = 'node_modules/.cache/transparent-cache/test-closing'

/** A process with a cache in use, that closes it when told to and does nothing to end itself. */
const SOURCE = `
import { once } from 'node:events'
import { createKeyValueClient, createTransparentCache, setLogger } from './src/library/index.ts'
setLogger(null)
const client = createKeyValueClient({ backend: 'redis', url: process.argv[2] })
const cache = createTransparentCache(client, 'redis', { maxConcurrentLoads: 1, deadlineMs: 30_000, breaker: false })
await Promise.all([cache.set('k', 1), cache.get('k'), cache.getOrLoad('j', async () => 2), cache.del('i')])
console.log('ready')
await once(process.stdin, 'data')
process.stdin.destroy()
for (let i = 0; i < 50; i++) {
  void cache.get('k')
  void cache.set('k' + i, i)
  void cache.del('j' + i)
  void cache.getOrLoad('l' + i, async () => i)
}
await cache.close()
await cache.get('k')
await cache.del('k')
// What is left may say goodbye to a socket, and no more; this timer comes after every shorter one, however slow we are.
setTimeout(() => console.error('kept by', process.getActiveResourcesInfo()), 1000).unref()
`

export async function buildClosingProcess(): Promise<void> {
  mkdirSync(OUT, { recursive: true })
  await build({
    stdin: { contents: SOURCE, resolveDir: process.cwd(), loader: 'ts' },
    outfile: `${OUT}/process.mjs`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
}

export async function startClosingProcess(url: string) {
  const child = spawn(process.execPath, [`${OUT}/process.mjs`, url], { stdio: 'pipe' })
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  )
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended])
  return { ended, close: () => void child.stdin.write('close\n'), kill: () => void child.kill('SIGKILL') }
}
