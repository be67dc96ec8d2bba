import type { RestoreReport } from '../../report/restore-report.js'
import type { ProgressEvent } from '../every-second.js'
import type { Catalogue } from '../families.js'
import type { NamedServer, Server } from '../server.js'
import { reportTarget } from '../target-report.js'
import { requireSamePlace } from './drift.js'
import { requireConfirmed, requireWritable } from './gates.js'
import { restore } from './restore.js'
import { ORPHANS } from './selection.js'
import type { UndoReader } from './undo-reader.js'

export interface RunRestoreOptions {
  undo: UndoReader
  file: string
  named: NamedServer
  catalogue: Catalogue
  apply: boolean
  overwrite: boolean
  /** The command line that does it. */
  command: string
  /** Asks for the target's name; null when it was given, or need not be. */
  confirm: ((planned: RestoreReport) => Promise<string>) | null
  signal?: AbortSignal | undefined
  onEvent?: ((event: ProgressEvent) => void) | undefined
  onWarning?: ((text: string) => void) | undefined
  onApply?: (() => void) | undefined
}

/**
 * Looks what the undo file would bring back, or brings it back.
 *
 * @throws SafetyError when the file is of another server or database, or the name was not given; EnvironmentError for a
 * replica; nothing was changed then
 */
export async function runRestore(server: Server, options: RunRestoreOptions): Promise<RestoreReport> {
  const { undo, file, named, catalogue, apply, overwrite, command, confirm, signal } = options
  const target = reportTarget(server, named.url)
  requireSamePlace('The undo file', undo.header.target, target)
  if (apply) requireWritable(server)
  const kindOf = (key: Buffer) => catalogue.classify(key)?.id ?? ORPHANS
  const { id, at } = undo.header
  const { onEvent } = options
  const run = async (dryRun: boolean): Promise<RestoreReport> => {
    const { result, error } = await restore(server, { undo, overwrite, dryRun, kindOf, signal, onEvent })
    return {
      schema: 'cache.keys-restore/1',
      command: 'keys restore',
      verdict: result.complete ? 'pass' : 'inconclusive',
      target,
      file,
      purge: { id, at },
      mode: dryRun ? 'dry-run' : 'apply',
      overwrite,
      result,
      apply: command,
      ...(error && { error }),
      ...(signal?.aborted && { interrupted: true as const }),
    }
  }
  const isAsked = apply && confirm !== null
  if (apply && !isAsked) {
    options.onApply?.()
    const report = await run(false)
    warnOfAuthorisation(report, options)
    return report
  }
  const planned = await run(true)
  warnOfAuthorisation(planned, options)
  if (!isAsked || !planned.result.complete) return planned
  requireConfirmed(named.target, RESTORE, await confirm(planned), command)
  options.onApply?.()
  return run(false)
}

/** What is asked for, in words. */
export const RESTORE = 'restore keys'

/** What was revoked while the keys were away is in no value that comes back. */
function warnOfAuthorisation({ result }: RestoreReport, { catalogue, onWarning }: RunRestoreOptions): void {
  const families = catalogue.families.filter(
    ({ id, authorisation }) => authorisation && (result.kinds[id] ?? 0) > 0,
  )
  if (families.length === 0) return
  const names = families.map(({ id }) => id).join(', ')
  onWarning?.(
    `${names}: what was revoked since the purge is valid again in what comes back, for the lifetime left`,
  )
}
