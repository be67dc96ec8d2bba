import { OperatorError } from '../../library/backends/operator-error.js'
import type { CheckReport, Threshold } from '../report/doctor-report.js'
import { SKIPPED_WHILE_AWAY } from './away.js'
import { isProbe, type Check, type UpstashCheck } from './check.js'
import type { Finding } from './finding.js'
import { NotAsked } from './kept-connection.js'
import { onThisServer } from './redis-cli.js'
import { isRefusal } from './refusal.js'
import { openUpstash } from './upstash-link.js'
import type { World } from './world.js'

export interface RunOptions {
  world: World
  threshold: Threshold
  probeWrites: boolean
}

/** One check under its own deadline. Never rejects: a check that does is `broken`, which is never a pass. */
export async function runCheck(check: Check, options: RunOptions): Promise<CheckReport> {
  const begun = performance.now()
  const result = await withinDeadline(check, options.world.signal, () => findingOf(check, options))
  return {
    id: check.id,
    group: check.group,
    title: check.title,
    status: result.status,
    message: result.message,
    value: result.value == null || !Number.isFinite(result.value) ? null : Number(result.value.toFixed(3)),
    unit: check.unit ?? null,
    detail: rounded(result.detail),
    threshold: options.threshold,
    remediation: {
      text: result.remediation?.text ?? '',
      commands: (result.remediation?.commands ?? []).map((command) =>
        onThisServer(command, options.world.cache.backend),
      ),
    },
    missing: result.missing ?? null,
    docs: `docs/checks/${check.id}.md`,
    durationMs: Math.round(performance.now() - begun),
  }
}

function rounded(detail: Finding['detail']): CheckReport['detail'] {
  if (!detail) return null
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, value === null ? null : Number(value.toFixed(3))]),
  )
}

type Result = Omit<Finding, 'status'> & { status: CheckReport['status'] }

async function findingOf(check: Check, { world, threshold, probeWrites }: RunOptions): Promise<Finding> {
  if (check.on === 'world') return check.run(world, threshold)
  const { backend } = world.cache
  if (backend === null) return { status: 'skip', message: 'no Redis is configured' }
  if (check.on === 'upstash' && backend.backend === 'redis') {
    return { status: 'skip', message: 'the cache has no Upstash' }
  }
  if (check.on === 'server' && !check.overRest && backend.backend === 'upstash') {
    return { status: 'skip', message: 'this version cannot look into Upstash' }
  }
  if (isProbe(check) && !probeWrites) {
    return {
      status: 'unknown',
      message: 'only a write can tell (--probe-writes)',
      remediation: { commands: [`cache doctor --probe-writes --check ${check.id}`] },
    }
  }
  if (check.on === 'upstash') return withUpstash(check, world, threshold)
  try {
    if (check.on === 'server' && backend.backend === 'upstash') return await check.overRest!(world, threshold)
    const client = backend.backend === 'redis' ? (await world.reach()).client : undefined
    if (client === null) return { status: 'skip', message: SKIPPED_WHILE_AWAY }
    if (check.on === 'keys') return await check.run(await world.keySample(), world, threshold)
    return await check.run(client!, world, threshold)
  } catch (error) {
    if (isRefusal(error)) return notAllowed(check, error)
    if (error instanceof NotAsked) return notAsked(error)
    throw error
  }
}

async function withUpstash(check: UpstashCheck, world: World, threshold: Threshold): Promise<Finding> {
  const upstash = openUpstash(world)
  try {
    return await check.run(upstash, world, threshold)
  } catch (error) {
    if (error instanceof NotAsked) return notAsked(error)
    throw error
  } finally {
    upstash.close()
  }
}

function notAsked({ message }: NotAsked): Finding {
  return { status: 'skip', message: `${message} (CON-001)` }
}

function notAllowed({ privileges }: { privileges: string }, { code, message }: OperatorError): Finding {
  return {
    status: 'skip',
    // What the server does not have at all no right brings back.
    message: `the server does not ${code === 'NOPERM' ? 'let this user look' : 'have what it takes'}: ${message}`,
    ...(code === 'NOPERM' && {
      missing: privileges,
      remediation: { text: `Allow it in the ACL of the user that doctor runs as: ${privileges}` },
    }),
  }
}

async function withinDeadline(
  { deadlineMs }: Check,
  signal: AbortSignal,
  run: () => Promise<Finding>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  let onAbort = () => {}
  const cutOff = new Promise<Result>((resolve) => {
    const broken = (message: string) => resolve({ status: 'broken', message })
    timer = setTimeout(() => broken(`no result within its ${deadlineMs} ms`), deadlineMs)
    onAbort = () => {
      const isTime = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
      broken(isTime ? 'the time of --timeout was up before its result' : 'stopped before its result')
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort)
  })
  try {
    // Nothing more is sent once it is over; least of all a probe's writes.
    return await (signal.aborted ? cutOff : Promise.race([run().catch(brokenBy), cutOff]))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function brokenBy(error: unknown): Result {
  // An answer that a check does not know is no loss of the server.
  const isLost = error instanceof OperatorError && error.reply === null
  const lost = isLost ? 'Redis was lost while it was looked at: ' : 'the check failed: '
  return { status: 'broken', message: lost + (error instanceof Error ? error.message : String(error)) }
}
