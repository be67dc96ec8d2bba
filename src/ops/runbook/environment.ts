import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { EnvironmentError } from '../report/errors.js'
import type { DeclaredVariable, Step } from './runbook.js'

type Env = Record<string, string | undefined>

/** What a shell needs to work at all, and what forbids drills, which no document may undo; everything else a step declares. */
const ALWAYS = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LC_\w+|SYSTEMROOT|CACHE_DRILLS_DISABLED)$/i

/**
 * What a step sees of the caller's environment: a shell block only what it declares with `env=`, so that a document
 * does not get every secret of a CI job; a `cache` block all of it, as if called by hand. Nobody sees a terminal.
 */
export function environmentOf({ language, env: declared }: Step, env: Env): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => language === 'cache' || ALWAYS.test(name))
  const seen = Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  for (const variable of declared) {
    const value = env[variable.name] || variable.fallback
    if (value !== undefined) seen[variable.name] = value
  }
  delete seen['FORCE_COLOR']
  return { ...seen, NO_COLOR: '1', TERM: 'dumb' }
}

/**
 * Looks for what the steps need before the first of them runs.
 *
 * @throws EnvironmentError for a program that is not on PATH or a variable that is not set
 */
export function checkRequirements(steps: readonly Step[], path: string, env: Env): void {
  for (const { name, line, language, requires, env: declared } of steps.filter(({ manual }) => !manual)) {
    const step = `The step '${name}' (${path}:${line})`
    const programs = [...(language === 'cache' ? [] : [language]), ...requires]
    const missing = programs.find((program) => !isOnPath(program, env))
    if (missing !== undefined) {
      throw new EnvironmentError('RUNBOOK_TOOL_MISSING', `${step} needs ${missing}, which is not on PATH.`, [
        `install ${missing}`,
      ])
    }
    const unset = declared.find((variable) => isMissing(variable, env))
    if (unset === undefined) continue
    throw new EnvironmentError('RUNBOOK_VARIABLE_MISSING', `${step} needs ${unset.name}, which is not set.`, [
      `export ${unset.name}=...`,
    ])
  }
}

function isMissing({ name, optional, fallback }: DeclaredVariable, env: Env): boolean {
  return !env[name] && !optional && fallback === undefined
}

function isOnPath(program: string, env: Env): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((directory) => {
    const file = join(directory, program)
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}
