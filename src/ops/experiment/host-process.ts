import { forkProcess, type Forked } from './forked.js'
import type { ProcessName } from './measurement.js'
import type { FromHost, ToHost } from './messages.js'

/** A forked host, seen from the engine. */
export interface HostProcess extends Omit<Forked<ToHost, FromHost>, 'ended'> {
  readonly name: ProcessName
  /** Resolves with what happened, in one sentence, when the process is gone for whatever reason. */
  readonly ended: Promise<string>
}

/**
 * Throws EnvironmentError `NO_HOST` when the package has not been built.
 *
 * @param variables of its environment, besides those that every host has
 */
export function startHost(name: ProcessName, variables?: Readonly<Record<string, string>>): HostProcess {
  const { ended, ...forked } = forkProcess<ToHost, FromHost>({
    file: 'dist/ops/experiment/host.js',
    called: `the subject's ${name} process`,
    variables,
  })
  return { name, ...forked, ended: ended.then(({ what }) => what) }
}
