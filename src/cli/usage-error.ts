import type { Command, Config } from '@oclif/core'
import { ActionableError, UsageError } from '../ops/report/errors.js'
import { nearest } from '../ops/report/nearest.js'

interface OclifParseError extends Error {
  oclif?: { exit?: number }
  flags?: string[]
  args?: string[] | { name: string; description?: string }[]
}

/** The command line as the parser saw it. */
export interface Invocation {
  command: Pick<Command.Class, 'id' | 'args'>
  flags: Record<string, { name?: string; char?: string; options?: readonly string[] }>
  config: Config
}

/**
 * What oclif says about a wrong command line, in one line that names the value, with what was probably meant.
 * Anything that is not about the command line comes back as it was.
 */
export function toUsageError(error: unknown, invocation: Invocation): unknown {
  if (error instanceof ActionableError || !(error instanceof Error)) return error
  const wrong = error as OclifParseError
  const custom = /^Parsing --(\S+) \n\t([^]*?)(?:\nSee more help with --help)?$/.exec(error.message)
  if (custom) {
    return new UsageError('BAD_FLAG_VALUE', `--${custom[1]}: ${sentence(custom[2] ?? '')}`, [], {
      cause: error,
    })
  }
  if (!wrong.oclif) return error
  if (isTexts(wrong.flags)) return unknownFlags(wrong.flags, invocation)
  if (isTexts(wrong.args)) return unexpectedArguments(wrong.args, invocation)
  if (Array.isArray(wrong.args)) {
    const names = wrong.args.map((argument) => (argument as { name: string }).name.toUpperCase())
    return new UsageError('MISSING_ARGUMENT', `Missing: ${names.join(', ')}.`)
  }
  const option = /^Expected (?:--(\S+?)=)?([^]*) to be one of: (.*)$/m.exec(error.message)
  if (option) return unknownValue(option[1], option[2] ?? '', (option[3] ?? '').split(', '))
  const missing = /^\s*Missing required flag (\S+)$/m.exec(error.message)?.[1]
  if (missing) return missingFlag(missing, invocation)
  const message = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
  return new UsageError('BAD_USAGE', sentence(message.replace(/\s*\n\s*/g, '; ')))
}

function missingFlag(name: string, { flags }: Invocation): UsageError {
  const options = flags[name]?.options ?? []
  return new UsageError(
    'MISSING_FLAG',
    `--${name} is missing${options.length > 0 ? `; it takes ${options.join(', ')}` : ''}.`,
    options.slice(0, 1).map((option) => `--${name} ${option}`),
  )
}

function unknownFlags(given: string[], { flags }: Invocation): UsageError {
  // What follows the `=` may be a secret typed by mistake.
  const names = given.map((flag) => flag.replace(/=.*$/s, ''))
  const known = Object.entries(flags).flatMap(([name, flag]) => [
    `--${name}`,
    ...(flag.char ? [`-${flag.char}`] : []),
  ])
  const suggestions = names.map((name) => nearest(name, known)).filter((meant) => meant !== undefined)
  return new UsageError('UNKNOWN_FLAG', `There is no flag ${names.join(', ')}.`, [...new Set(suggestions)])
}

function unexpectedArguments(given: string[], { command, config }: Invocation): UsageError {
  const prefix = `${command.id}:`
  const subcommands = config.commandIDs
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length))
  const meant = nearest(given[0] ?? '', subcommands)
  const suggestions = meant ? [`${config.bin} ${command.id.replaceAll(':', ' ')} ${meant}`] : []
  return new UsageError(
    'UNEXPECTED_ARGUMENT',
    `Unexpected argument: ${given.map((value) => `'${value}'`).join(', ')}.`,
    suggestions,
  )
}

function unknownValue(flag: string | undefined, value: string, options: string[]): UsageError {
  const meant = nearest(value, options)
  const subject = flag === undefined ? 'the argument' : `--${flag}`
  const suggestions = meant === undefined ? [] : [flag === undefined ? meant : `--${flag} ${meant}`]
  return new UsageError(
    'BAD_VALUE',
    `'${value}' is no value of ${subject}; it takes ${options.join(', ')}.`,
    suggestions,
  )
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
