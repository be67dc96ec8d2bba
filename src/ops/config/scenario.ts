import { readFile } from 'node:fs/promises'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import { scenarioSchema, type Scenario } from './scenario-schema.js'

/** A scenario is a page of text; what is longer was meant for something else. */
const LONGEST = 256 * 1024

/**
 * Reads a scenario, in YAML or in JSON, which is YAML too.
 *
 * @throws UsageError that names the file, where in it, and what is wrong; what stands in the file is not run
 */
export async function readScenario(path: string): Promise<Scenario> {
  const tree = await parsed(path, await textOf(path))
  const result = scenarioSchema.safeParse(tree)
  if (result.success) return result.data
  const { issues } = result.error
  // A name that was misspelt is also one that is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!
  throw invalid(path, issue, tree)
}

async function textOf(path: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`
    throw new UsageError('NO_SCENARIO', `The scenario ${path} ${why}.`, ['--scenario FILE'])
  }
  if (text.length > LONGEST)
    throw new UsageError('SCENARIO_INVALID', `${path} is longer than 256 KiB: that is no scenario.`)
  return text
}

async function parsed(path: string, text: string): Promise<unknown> {
  const { default: yaml } = await import('yaml')
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (!error) return dataOf(path, document)
  const { line } = lines.linePos(error.pos[0])
  throw new UsageError('SCENARIO_INVALID', `${path}:${line} is no YAML: ${error.message}.`)
}

function dataOf(path: string, document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch (error) {
    throw new UsageError('SCENARIO_INVALID', `${path} cannot be read: ${(error as Error).message}.`)
  }
}

function invalid(path: string, issue: z.core.$ZodIssue, tree: unknown): UsageError {
  const where = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  const place = where.replace(/^\./, '')
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!
    const known = knownAt(issue.path)
    const meant = nearest(unknown, known)
    return new UsageError(
      'SCENARIO_INVALID',
      `${path}: ${place ? `${place}.` : ''}${unknown} is no setting.`,
      [meant ? `did you mean ${meant}?` : `known here: ${known.join(', ')}`],
    )
  }
  return new UsageError(
    'SCENARIO_INVALID',
    place === ''
      ? `${path} is no scenario: it has no settings.`
      : `${path}: ${place} ${isThere(issue.path, tree) ? messageOf(issue) : 'is missing'}.`,
    ['docs/drills/scenarios.md has an example'],
  )
}

function messageOf({ message }: z.core.$ZodIssue): string {
  return message.startsWith('Invalid') ? 'is not what belongs there' : message
}

function isThere(path: readonly PropertyKey[], tree: unknown): boolean {
  const found = path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    tree,
  )
  return found !== undefined
}

function knownAt([first]: readonly PropertyKey[]): string[] {
  const { shape } = scenarioSchema
  if (first === 'faults') return Object.keys(shape.faults.element.shape)
  if (first === 'budgets') return Object.keys(shape.budgets.unwrap().shape)
  return Object.keys(shape)
}
