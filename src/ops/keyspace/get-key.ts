import { isEncoded } from '../../library/families/segment.js'
import type { OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import type { GetKeyReport, ValueReport } from '../report/get-key-report.js'
import type { Catalogue, DeclaredFamily } from './families.js'
import { lengthCommand } from './length-command.js'
import { maskId, maskKey } from './mask.js'
import { measureKeys } from './measure.js'
import { FAMILY_RULE_NAMES, FAMILY_RULES, type FamilyRule } from './rules.js'
import { nodeOf, type ServerNode } from './nodes.js'
import { EnvironmentError } from '../report/errors.js'
import { toEnvironmentError, type NamedServer, type Server } from './server.js'
import { reportTarget } from './target-report.js'
import { describeValue, MAX_VALUE_BYTES } from './value.js'

/**
 * What stands under one key. Reads only; at most 64 KiB of the value leave the server. `inconclusive` when nothing is
 * there, since then nothing can be said.
 *
 * @throws EnvironmentError when the server cannot be asked
 */
export async function getKey(
  server: Server,
  named: NamedServer,
  key: string,
  options: { catalogue: Catalogue; showValue: boolean },
): Promise<GetKeyReport> {
  const bytes = Buffer.from(key)
  const { catalogue, showValue } = options
  const family = catalogue.classify(bytes)
  const base = {
    schema: 'cache.keys-get/1',
    command: 'keys get' as const,
    target: reportTarget(server, named.url),
    key: maskKey(bytes, catalogue),
    family: family?.id ?? null,
    parameters: Object.fromEntries(
      Object.entries(family?.pattern.match(key) ?? {}).map(([name, value]) => [name, maskId(value)]),
    ),
  }
  try {
    const node = nodeOf(server.nodes, bytes)
    if (!node) throw unserved(server)
    const [measured] = await measureKeys(node.client, [bytes])
    if (measured === undefined) throw movedAway(node)
    const spelling = spellingNotes(key, family)
    if (!measured) {
      const nothing = { type: null, ttl: null, memoryBytes: null, length: null, value: null }
      return { ...base, verdict: 'inconclusive', exists: false, ...nothing, notes: spelling }
    }
    const { length, value } = await readValue(node.client, bytes, measured.type, {
      key,
      family: base.family,
      showValue,
    })
    const broken = family ? FAMILY_RULE_NAMES.filter((rule) => FAMILY_RULES[rule](family)(measured)) : []
    const ttl = { remainingMs: measured.ttlMs, declaredSeconds: family?.ttlSeconds ?? null }
    const { type, bytes: memoryBytes } = measured
    const notes = [...spelling, ...broken.map((rule) => NOTES[rule])]
    return { ...base, verdict: 'pass', exists: true, type, ttl, memoryBytes, length, value, notes }
  } catch (error) {
    throw toEnvironmentError(error)
  }
}

function unserved({ target }: Server): EnvironmentError {
  return new EnvironmentError(
    'SLOT_UNSERVED',
    `No master of the cluster of ${target.name} that can be asked serves this key.`,
    ['look at the cluster: redis-cli CLUSTER INFO, CLUSTER SLOTS'],
  )
}

function movedAway({ address }: ServerNode): EnvironmentError {
  return new EnvironmentError('KEY_MOVED', `${address} has just handed the key over to another master.`, [
    'try again',
  ])
}

const NOTES: Record<FamilyRule, string> = {
  'no-ttl': 'it never expires, so what is stale in it stays until somebody deletes it',
  'ttl-above': 'it lives longer than its family declares',
  'wrong-type': 'it is not of the type that its family has, so every read of it fails',
}

async function readValue(
  client: OperatorClient,
  key: Buffer,
  type: string,
  options: { key: string; family: string | null; showValue: boolean },
): Promise<{ length: number | null; value: ValueReport }> {
  if (type !== 'string') {
    const command = lengthCommand(type)
    const length = command === null ? null : Number(await client.send(command, key))
    const items = options.showValue ? ', whose items are not printed' : ''
    return { length, value: { kind: 'collection', summary: `a ${type}${items}` } }
  }
  const [length, raw] = await client.pipelineBytes([
    ['STRLEN', key],
    ['GETRANGE', key, 0, MAX_VALUE_BYTES - 1],
  ])
  for (const reply of [length, raw]) if (reply instanceof OperatorError) throw reply
  return { length: Number(length), value: describeValue(raw as Buffer, Number(length), options) }
}

function spellingNotes(key: string, family: DeclaredFamily | null): string[] {
  if (!family) return ['it follows the pattern of no family']
  // How an application spells its own ids is its own affair.
  if (family.declaredIn !== 'library' || key.split(':').every(isEncoded)) return []
  return ['the library would not write it like this: ids are %-encoded (docs/stored-format.md)']
}
