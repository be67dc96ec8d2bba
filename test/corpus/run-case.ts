import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ClauseId } from '../../src/ops/report/drill-report.js'
import type { CorpusRun } from './runs.js'

/** What a drill said of a file. */
export interface Outcome {
  verdict: 'pass' | 'fail' | 'inconclusive'
  /** Clauses that failed. */
  failed: ClauseId[]
  /** Why it is inconclusive; of a command that gave no report, what it said instead. */
  reason: string | null
  /** What the failed clauses saw, in their words. */
  findings: string[]
  durationMs: number
  /** How many drills before this one could not tell. Absent: none. */
  untold?: number
}

const HERE = 'test/corpus'
/** Inside the repository, so that its packages are found. */
const COPIES = '.cache/corpus'

/**
 * Copies the file to where nothing tells what it is, and drills it there with the command that everybody has.
 *
 * @param signal ends the drill, which then cleans up after itself
 */
export async function runCase(run: CorpusRun, signal?: AbortSignal): Promise<Outcome> {
  const directory = join(COPIES, run.alias)
  mkdirSync(directory, { recursive: true })
  try {
    const file = join(directory, 'app.mjs')
    copyFileSync(join(HERE, run.file), file)
    if (run.probes !== undefined) copyFileSync(join(HERE, run.probes), join(directory, 'probes.yaml'))
    const startedMs = performance.now()
    const { stdout, stderr, code } = await drill(await wordsOf(run, directory, file), signal)
    return { ...outcomeOf(stdout, stderr, code), durationMs: Math.round(performance.now() - startedMs) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Words {
  args: readonly string[]
  env: Record<string, string>
}

async function wordsOf({ kind, probes, flags }: CorpusRun, directory: string, file: string): Promise<Words> {
  const common = ['simulate-outage', '--json', ...flags]
  if (kind === 'module') return { args: [...common, '--module', file], env: {} }
  const port = await freePort()
  const asked = probes === undefined ? [] : ['--probes', join(directory, 'probes.yaml')]
  const ready = ['--ready', `http://127.0.0.1:${port}/health`]
  return { args: [...common, ...ready, ...asked, '--', 'node', file], env: { PORT: String(port) } }
}

function drill({ args, env }: Words, signal: AbortSignal | undefined) {
  return new Promise<{ stdout: string; stderr: string; code: number | null }>((resolve, reject) => {
    const PATH = process.env['PATH'] ?? ''
    const child = spawn(process.execPath, ['bin/run.js', ...args], {
      env: { PATH, ...env },
      // Of its own, so that Ctrl-C comes to it once, from us, and not twice, which would leave it no time to clean up.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const end = () => child.kill('SIGINT')
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end)
      resolve({ stdout, stderr, code })
    })
  })
}

interface Report {
  verdict: Outcome['verdict']
  drills?: {
    reason?: string
    clauses: { id: ClauseId; result: string; evidence: string }[]
  }[]
  error?: { message: string }
}

/** Of what the command said; exported for the test. */
export function outcomeOf(stdout: string, stderr: string, code: number | null): Omit<Outcome, 'durationMs'> {
  const said = (message: string) => ({
    verdict: 'inconclusive' as const,
    failed: [],
    findings: [],
    reason: `exit ${code}: ${message}`,
  })
  let report: Report
  try {
    report = JSON.parse(stdout) as Report
  } catch {
    return said(stderr.trim().split('\n').at(-1) ?? 'no report')
  }
  if (!report.drills) return said(report.error?.message ?? 'no drill')
  const failed = report.drills.flatMap(({ clauses }) => clauses.filter(({ result }) => result === 'fail'))
  return {
    verdict: report.verdict,
    failed: [...new Set(failed.map(({ id }) => id))],
    findings: failed.map(({ id, evidence }) => `${id}: ${evidence}`),
    reason: report.drills.find(({ reason }) => reason !== undefined)?.reason ?? null,
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
