import { readFileSync, statSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import { UsageError } from '../../report/errors.js'
import { nearest } from '../../report/nearest.js'
import { parseProbe, parseStatuses } from './parse-probe.js'
import { unknownPlaceholder } from './placeholders.js'
import type { Probe, ProbeSet } from './probe.js'
import { asked, probesSchema } from './probes-schema.js'

const LARGEST_BYTES = 1024 * 1024

/**
 * Reads a file of probes, YAML or JSON.
 *
 * @throws UsageError `BAD_PROBES_FILE` when it cannot be read, or says something that is not understood
 */
export function readProbesFile(path: string): ProbeSet {
  const bad = (why: string, suggestions: string[] = ['docs/drills/command.md shows what it may hold']) =>
    new UsageError('BAD_PROBES_FILE', `--probes: ${path} ${why}.`, suggestions)
  const result = probesSchema.safeParse(contentOf(path, bad))
  if (!result.success) throw inWords(result.error.issues[0], bad)
  const { setup, probes, read, stranger, write, revoke, limit, keys } = result.data
  const probeOf = (each: Asked, where: string) => asProbe(each, (why) => bad(`${where}: ${why}`))
  const set: ProbeSet = {
    setup: setup.map((each, index) => {
      for (const [name, place] of Object.entries(each.capture))
        checkedPlace(place, `setup.${index}.capture.${name}`, bad)
      return { ...probeOf(each, `setup.${index}`), capture: each.capture }
    }),
    probes: probes.map((each, index) =>
      typeof each === 'string'
        ? parseProbe(each, `${path}: probes.${index}`)
        : { ...probeOf(each, `probes.${index}`), weight: each.weight },
    ),
    read: read && {
      ...probeOf(read, 'read'),
      version: checkedPlace(read.version, 'read.version', bad),
      denied: parseStatuses(String(read.denied), (why) => bad(`read.denied: ${why}`)),
      same: read.same && checkedPlace(read.same, 'read.same', bad),
    },
    stranger: stranger && {
      ...probeOf(stranger, 'stranger'),
      denied: parseStatuses(String(stranger.denied), (why) => bad(`stranger.denied: ${why}`)),
    },
    write: write && probeOf(write, 'write'),
    revoke: revoke && probeOf(revoke, 'revoke'),
    limit: limit && {
      ...probeOf(limit, 'limit'),
      weight: limit.weight,
      name: limit.name,
      limit: limit.limit,
      windowMs: limit.window,
      onUnavailable: limit.onUnavailable,
    },
    keys,
  }
  if (set.stranger && !set.read)
    throw bad('says stranger without read: nobody has the keys that he asks for', [
      'declare read, and write, of the same keys',
    ])
  const unknown = unknownPlaceholder(set)
  if (unknown) throw bad(unknown.problem, [unknown.wayOut])
  return set
}

type Asked = z.output<z.ZodObject<typeof asked>>

function asProbe(
  { request, headers, body, expect = '2xx', contains }: Asked,
  bad: (why: string) => Error,
): Probe {
  const { method, path } = parseProbe(request, 'request')
  const statuses = parseStatuses(String(expect), bad)
  return { method, path, headers, body, expect: { statuses, contains } }
}

function checkedPlace<T extends object>(place: T, where: string, bad: (why: string) => Error): T {
  try {
    if ('match' in place) new RegExp(String(place.match))
    return place
  } catch {
    throw bad(`${where}.match: is no regular expression`)
  }
}

function contentOf(path: string, bad: (why: string) => Error): unknown {
  let text: string
  try {
    if (statSync(path).size > LARGEST_BYTES) throw bad('is larger than 1 MiB')
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    throw bad(
      code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a directory' : `cannot be read (${code})`,
    )
  }
  try {
    return parse(text, { maxAliasCount: 100 }) as unknown
  } catch (error) {
    throw bad(`is neither YAML nor JSON (${(error as Error).message.split('\n')[0] ?? ''})`)
  }
}

function inWords(
  issue: z.core.$ZodIssue | undefined,
  bad: (why: string, suggestions?: string[]) => Error,
): Error {
  if (!issue) return bad('is not understood')
  const where = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? ''
    const known = [...Object.keys(probesSchema.shape), ...Object.keys(asked), 'weight']
    const meant = nearest(unknown, known)
    return bad(
      `says ${[...issue.path, unknown].join('.')}, which is not known`,
      meant ? [`did you mean ${meant}?`] : undefined,
    )
  }
  const message = issue.message.startsWith('Invalid') ? 'is missing, or of the wrong kind' : issue.message
  return bad(where === '' ? 'holds no probes' : `${where} ${message}`)
}
