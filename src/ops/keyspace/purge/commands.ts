import { join } from 'node:path'
import type { MethodReport, SelectionReport } from '../../report/purge-report.js'
import { commandLine } from './command-line.js'
import { UNDO_FILE } from './ledger-header.js'
import type { NamedServer } from '../server.js'

/** Command lines that a report tells, ready to paste. */
export interface PurgeCommands {
  /** Does what was planned. @param across kinds of key that the glob reaches */
  apply(across: readonly string[]): string
  applyPlan(file: string): string
  resume(ledger: string): string
  restore(ledger: string): string
}

/** What of a command line says where, how and by what; see `PurgeInput`. */
export interface Given {
  named: NamedServer
  url?: string | undefined
  gentle: boolean
  undo: boolean
  /** Directory for the ledger. @default LEDGERS */
  ledgers?: string | undefined
  /** Carry out the plan of this file. */
  planFrom?: string | undefined
  /** Go on with the purge of this ledger. */
  resume?: string | undefined
}

export function purgeCommands(
  { named, url, gentle, undo, ledgers, planFrom, resume }: Given,
  { family, match, where }: SelectionReport,
  { kind, overMs, maxRate }: MethodReport,
): PurgeCommands {
  const { target } = named
  const place = { url, gentle, confirm: target.production ? target.name : undefined }
  const kept = { 'no-undo': !undo, ledger: ledgers }
  const words = ['cache', 'keys', 'purge']
  const applyPlan = (file: string) => commandLine(words, { 'apply-plan': file, ...kept, ...place })
  const resumeFrom = (ledger: string) => commandLine(words, { resume: ledger, ...place })
  return {
    apply(across) {
      if (planFrom !== undefined) return applyPlan(planFrom)
      if (resume !== undefined) return resumeFrom(resume)
      const method =
        kind === 'fade'
          ? { method: kind, over: overMs! % 1000 === 0 ? `${overMs! / 1000}s` : `${overMs}ms` }
          : {}
      return commandLine([...words, ...(family === null ? [] : [family])], {
        match,
        where,
        across: across.length === 0 ? undefined : across.join(','),
        ...method,
        'max-rate': maxRate,
        ...kept,
        apply: true,
        ...place,
      })
    },
    applyPlan,
    resume: resumeFrom,
    restore: (ledger) =>
      commandLine(['cache', 'keys', 'restore', join(ledger, UNDO_FILE)], {
        apply: true,
        url,
        confirm: place.confirm,
      }),
  }
}
