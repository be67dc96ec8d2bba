import { UsageError } from '../report/errors.js'
import { monotonicMs } from './monotonic.js'
import type { HostProcess } from './host-process.js'
import type { FromHost } from './messages.js'
import type { Pace } from './pace.js'
import type { Rig } from './rig.js'
import { Stopped } from './stopping.js'
import { factoryFails } from './subjects/module/factory-fails.js'
import type { SubjectReference } from './subjects/reference.js'
import type { SubjectEnvironment } from './subjects/subject.js'

/** What a subject is made in, or never. */
export const PREPARE_DEADLINE_MS = 10_000
const HAND_IN_DEADLINE_MS = 5000

/** Has the subject made. Rejects with `Stopped` when it cannot be, and with UsageError when it never could. */
export async function prepare(
  host: HostProcess,
  subject: SubjectReference,
  environment: SubjectEnvironment,
): Promise<void> {
  const untilMs = monotonicMs() + PREPARE_DEADLINE_MS
  host.send({ type: 'prepare', process: host.name, subject, environment })
  const answer = await host.next('prepared', PREPARE_DEADLINE_MS)
  requirePrepared(answer, { subject, untilMs, where: `in the ${host.name} process` })
}

/** Of an answer to `prepare`, null for none until `untilMs`. Throws as `prepare` rejects. */
export function requirePrepared(
  answer: Pick<Extract<FromHost, { type: 'prepared' }>, 'problem' | 'misuse'> | null,
  { subject, untilMs, where }: { subject: SubjectReference; untilMs: number; where: string },
): void {
  if (answer?.problem === null) return
  if (answer?.misuse)
    throw new UsageError(answer.misuse.code, answer.misuse.message, answer.misuse.suggestions)
  // A process that has ended answers nothing either, and says why elsewhere.
  if (answer === null && typeof subject !== 'string' && monotonicMs() >= untilMs)
    throw factoryFails(subject, `gave nothing within ${PREPARE_DEADLINE_MS / 1000} s`)
  const problem = answer?.problem ?? `no answer within ${PREPARE_DEADLINE_MS / 1000} s`
  throw new Stopped('unprepared', `the subject could not be created ${where}: ${problem}`)
}

/** Has every key read. Rejects with `Stopped` when that does not come to an end. */
export async function warm(host: HostProcess, keys: string[], { atOnce, warmUpMs }: Pace): Promise<void> {
  host.send({ type: 'warm', keys, atOnce, deadlineMs: warmUpMs })
  const answer = await host.next('warmed', warmUpMs + 1000)
  if (answer?.settled) return
  throw new Stopped(
    'unprepared',
    `reading ${keys.length} keys in the ${host.name} process did not come to an end in ${warmUpMs / 1000} s, with nothing wrong`,
  )
}

/** @returns the names of those that did not hand in everything */
export async function endHosts(
  hosts: HostProcess[],
  rig: Pick<Rig, 'watchdog'>,
  graceMs: number,
): Promise<string[]> {
  const unfinished: string[] = []
  await Promise.all(
    hosts.map(async (host) => {
      host.send({ type: 'finish', graceMs })
      const finished = await host.next('finished', graceMs + HAND_IN_DEADLINE_MS)
      if (finished === null) unfinished.push(host.name)
      await host.end()
      rig.watchdog.forget(host.pid)
    }),
  )
  return unfinished
}
