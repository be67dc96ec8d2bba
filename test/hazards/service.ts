import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A process of its own. */
export interface Service {
  /** `exit 0`, or how else it ended. */
  ended: Promise<string>
  /** What it has written, on either output. */
  output(): string
  close(): Promise<void>
}

const CACHE = 'node_modules/.cache/transparent-cache'

/** Starts the service of `fixtures/`. @param subject which cache it uses */
export async function startService(subject: 'ours' | 'naive', url: string): Promise<Service> {
  // Below node_modules, where it finds its packages.
  await mkdir(CACHE, { recursive: true })
  const directory = await mkdtemp(join(CACHE, 'hazards-'))
  const outfile = join(directory, 'service.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'fixtures', 'service.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [outfile], {
    env: { ...process.env, SUBJECT: subject, URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += String(chunk)))
  const ended = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? `exit ${code}`)),
  )
  return {
    ended,
    output: () => written,
    async close() {
      child.kill('SIGKILL')
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}
