import type { z } from 'zod'
import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import type { Layers, LoadOptions } from './layers.js'
import { keysAt } from './schema-tree.js'

/** What is wrong with the settings, with its origin; never repeats the value of a variable. */
export function invalid(
  issue: z.core.$ZodIssue,
  { layers, file }: Pick<Layers, 'layers' | 'file'>,
  flags: LoadOptions['flags'],
): UsageError {
  const path = issue.path.join('.')
  const given = flags?.[path]
  if (given !== undefined) {
    return new UsageError(
      'CONFIG_INVALID',
      `${flagOf(path)}: '${String(given).slice(0, 100)}' ${issue.message}.`,
    )
  }
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0]!
    const known = keysAt(issue.path.map(String))
    const meant = nearest(unknown, known)
    return new UsageError(
      'CONFIG_UNKNOWN_KEY',
      `${file}: ${[...issue.path, unknown].join('.')} is no setting.`,
      [meant ? `did you mean ${meant}?` : `known here: ${known.join(', ')}`],
    )
  }
  const origin = layers[path]?.[0]?.origin ?? file ?? 'the settings'
  // An empty group is no layer, but what is refused of it is more than that nothing stands there.
  const isThere = issue.code === 'custom' || Object.keys(layers).some((each) => isAt(path, each, layers))
  const message = isThere ? messageOf(issue) : 'is missing'
  return new UsageError('CONFIG_INVALID', `${path} (from ${origin}): ${message}.`)
}

/** Whether a layer is what is meant, part of it, or the list that it stands in. */
function isAt(path: string, layer: string, layers: Layers['layers']): boolean {
  if (layer === path || layer.startsWith(`${path}.`)) return true
  return path.startsWith(`${layer}.`) && Array.isArray(layers[layer]?.[0]?.value)
}

const KINDS: Record<string, string> = {
  object: 'group of settings',
  record: 'group of settings',
  array: 'list',
}

function messageOf(issue: z.core.$ZodIssue): string {
  // Of a name that is wrong zod says no more than that.
  if (issue.code === 'invalid_key') return issue.issues[0]!.message
  // Where a setting has no words of its own, those of zod are about types.
  if (!issue.message.startsWith('Invalid')) return issue.message
  if (issue.code === 'invalid_type') return `is no ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `is none of ${issue.values.join(', ')}`
  return issue.message
}

/** A setting's flag is named as the last part of its path. */
function flagOf(path: string): string {
  return `--${path
    .split('.')
    .at(-1)!
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
