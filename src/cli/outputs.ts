import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../ops/report/errors.js'
import { nearest } from '../ops/report/nearest.js'

export const REPORTERS = ['text', 'json'] as const
export type Reporter = (typeof REPORTERS)[number]

/** A file that gets the result in addition to stdout. */
export interface Output {
  format: Reporter
  path: string
}

/** `--output FORMAT=PATH` values, checked so that a long run does not end at a path that cannot be written. */
export function parseOutputs(values: readonly string[]): Output[] {
  const outputs = values.map(parseOutput)
  const seen = new Set<string>()
  for (const { path } of outputs) {
    const absolute = resolve(path)
    if (seen.has(absolute)) {
      throw new UsageError('OUTPUT_TWICE', `--output names the file '${path}' twice.`, [
        'give each output a path of its own',
      ])
    }
    seen.add(absolute)
  }
  return outputs
}

function parseOutput(value: string): Output {
  const equals = value.indexOf('=')
  const format = equals === -1 ? value : value.slice(0, equals)
  const path = equals === -1 ? '' : value.slice(equals + 1)
  if (!isReporter(format)) {
    const meant = nearest(format, REPORTERS)
    throw new UsageError(
      'UNKNOWN_FORMAT',
      `--output does not know the format '${format}'; it knows ${REPORTERS.join(', ')}.`,
      [`--output ${meant ?? 'json'}=${path || 'report.json'}`],
    )
  }
  if (path === '') {
    throw new UsageError('OUTPUT_WITHOUT_PATH', `--output ${value} names no file.`, [
      `--output ${format}=report.${format}`,
    ])
  }
  assertWritable(path)
  return { format, path }
}

function isReporter(format: string): format is Reporter {
  return (REPORTERS as readonly string[]).includes(format)
}

function assertWritable(path: string): void {
  const refuse = (reason: string, suggestion: string): never => {
    throw new UsageError('OUTPUT_NOT_WRITABLE', `--output cannot write '${path}': ${reason}.`, [suggestion])
  }
  const directory = dirname(resolve(path))
  const isDirectory = statSync(directory, { throwIfNoEntry: false })?.isDirectory()
  if (!isDirectory) refuse(`the directory ${directory} does not exist`, `mkdir -p ${directory}`)
  const existing = statSync(path, { throwIfNoEntry: false })
  if (existing?.isDirectory()) refuse('it is a directory', 'name a file in it')
  try {
    accessSync(existing ? path : directory, constants.W_OK)
  } catch {
    refuse('permission denied', 'choose a path that you may write')
  }
}
