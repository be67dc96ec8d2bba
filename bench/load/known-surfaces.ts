import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseProbe } from '../../src/ops/config/probes/parse-probe.js'
import type { Surface } from '../../src/ops/load/generator/messages.js'
import type { Delay, OwnDelay } from './delay.js'

/** Beside the bundle; see scripts/bench.js. */
const bundled = (name: string) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))

/** Something with a known delay, ready to be put under load. */
export interface Known {
  surface: Surface
  /** Of the worker, whose process a subject shares. */
  variables: Record<string, string>
  /** Once the load is over. */
  own(): Promise<OwnDelay>
  close(): void
}

export function subjectSurface(exportName: string, redisUrl: string | null = null): Surface {
  const subject = { name: exportName, file: bundled('load-subject'), exportName, protocol: 'resp' } as const
  return { type: 'subject', subject, environment: { redisUrl } }
}

/** In the worker's own process. */
export function knownSubject(kind: Delay): Promise<Known> {
  const directory = mkdtempSync(join(tmpdir(), 'cache-bench-load-'))
  const file = join(directory, 'own.json')
  return Promise.resolve({
    surface: subjectSurface(kind),
    variables: { OWN_DELAY: file },
    own: () => Promise.resolve(JSON.parse(readFileSync(file, 'utf8')) as OwnDelay),
    close: () => rmSync(directory, { recursive: true, force: true }),
  })
}

/** An app in a process of its own, asked over HTTP. */
export async function knownServer(kind: Delay): Promise<Known & { origin: string }> {
  const child = fork(bundled('load-server'), [kind], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)))
  const { port } = await next<{ port: number }>()
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    surface: {
      type: 'http',
      origin,
      endpoints: [{ probe: parseProbe('GET /'), weight: 1 }],
      declared: {},
      keyPrefix: '',
    },
    variables: {},
    own: async () => {
      const answer = next<{ own: OwnDelay }>()
      child.send('own')
      return (await answer).own
    },
    close: () => void child.kill('SIGKILL'),
  }
}
