import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../ops/report/errors.js'
import { nearest } from '../ops/report/nearest.js'

export const REPORTERS = ['text', 'json', 'jsonl', 'junit', 'sarif', 'markdown', 'github', 'html'] as const
export type Reporter = (typeof REPORTERS)[number]

const EXTENSIONS: Record<Reporter, string> = {
  text: 'txt',
  json: 'json',
  jsonl: 'jsonl',
  junit: 'xml',
  sarif: 'sarif',
  markdown: 'md',
  github: 'txt',
  html: 'html',
}

/** What every command can write; one that can more says so with `globalFlagsFor`. */
export const COMMON_REPORTERS = ['text', 'json'] as const satisfies readonly Reporter[]

/** A file that gets the result in addition to stdout. */
export interface Output {
  format: Reporter
  path: string
  /** The step summary of GitHub, which other commands of the step write as well. */
  appends?: true
}

/**
 * `--output FORMAT=PATH` values, checked so that a long run does not end at a path that cannot be written.
 *
 * @param formats what the command can write
 */
export function parseOutputs(
  values: readonly string[],
  formats: readonly Reporter[] = COMMON_REPORTERS,
): Output[] {
  const outputs = values.map((value) => parseOutput(value, formats))
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

function parseOutput(value: string, formats: readonly Reporter[]): Output {
  const equals = value.indexOf('=')
  const format = equals === -1 ? value : value.slice(0, equals)
  const path = equals === -1 ? '' : value.slice(equals + 1)
  if (!isOneOf(formats, format)) {
    const meant = nearest(format, formats)
    throw new UsageError(
      'UNKNOWN_FORMAT',
      `--output does not know the format '${format}'; it knows ${formats.join(', ')}.`,
      [`--output ${meant ?? 'json'}=${path || 'report.json'}`],
    )
  }
  if (path === '') {
    throw new UsageError('OUTPUT_WITHOUT_PATH', `--output ${value} names no file.`, [
      `--output ${format}=report.${EXTENSIONS[format]}`,
    ])
  }
  assertWritable(path)
  const summary = process.env['GITHUB_STEP_SUMMARY']
  const isSummary = summary !== undefined && summary !== '' && resolve(summary) === resolve(path)
  return { format, path, ...(isSummary && { appends: true as const }) }
}

function isOneOf(formats: readonly Reporter[], format: string): format is Reporter {
  return (formats as readonly string[]).includes(format)
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
