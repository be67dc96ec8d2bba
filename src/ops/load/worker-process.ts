import { forkProcess, type Ended, type Forked } from '../experiment/forked.js'
import type { FromWorker, ToWorker } from './generator/messages.js'
import type { LoadTarget } from './target.js'

/** A forked worker, seen from the engine. */
export interface WorkerProcess extends Forked<ToWorker, FromWorker> {
  /** Resolves when the subject in it has ended the process. Never for an app, which is elsewhere. */
  readonly died: Promise<string>
  /** Resolves when the process has ended in any other way: what it knew is lost, and nobody can say what was. */
  readonly lost: Promise<string>
}

/** What a process does to itself, on the way out of memory or of its mind. Any other signal comes from outside. */
const OWN_SIGNALS: readonly NodeJS.Signals[] = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']

/**
 * It is killed when we die. Throws EnvironmentError `NO_HOST` when the package has not been built.
 */
export function startWorker({
  surface,
  variables,
  watchdog,
}: Pick<LoadTarget, 'surface' | 'variables' | 'watchdog'>): WorkerProcess {
  const isSubject = surface.type === 'subject'
  const forked = forkProcess<ToWorker, FromWorker>({
    file: 'dist/ops/load/worker.js',
    called: isSubject ? "the subject's process" : 'the process that makes the load',
    variables,
    serialization: 'advanced',
  })
  watchdog.watch(forked.pid)
  void forked.ended.then(() => watchdog.forget(forked.pid))
  // What the subject starts must not outlive us either.
  forked.onMessage((message) => {
    if (message.type === 'forked') watchdog.watch(message.pid)
    if (message.type === 'reaped') watchdog.forget(message.pid)
  })
  const isOwnDoing = ({ signal }: Ended) => isSubject && (signal === null || OWN_SIGNALS.includes(signal))
  return {
    ...forked,
    died: only(forked.ended, isOwnDoing),
    lost: only(forked.ended, (ended) => !isOwnDoing(ended)),
  }
}

function only(ended: Promise<Ended>, when: (ended: Ended) => boolean): Promise<string> {
  return new Promise((resolve) => {
    void ended.then((how) => when(how) && resolve(how.what))
  })
}
