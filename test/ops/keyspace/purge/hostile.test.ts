import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Command } from '../../../../src/library/backends/operator.js'
import { allFamilies, type Family } from '../../../../src/library/families/families.js'
import { ownServer } from '../servers.js'
import { purgeAt, restoreAt, scratch } from './purging.js'

/** Databases that are purged; `npm run proof -- purge` takes more. */
const RUNS = Number(process.env['PURGE_RUNS'] ?? 25)

const redis = ownServer()
const directory = scratch()

/** What a glob, a key or a terminal gives a meaning to. */
const letters = [':', '*', '?', '[', ']', '\\', '{', '}', '%', '^', '-', 'a', 'b', 'é', '\n', '\0', '2', 'A']
const hostile = (minLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength: 5 })

const id = fc.oneof(hostile(1), fc.constantFrom('a', 'b', 'a:b', '*', 'a*', 'x'.repeat(200)))
const family = fc.constantFrom(...allFamilies)
const built = fc
  .record({ family, ids: fc.array(id, { minLength: 2, maxLength: 2 }) })
  .map(({ family: { pattern }, ids }) =>
    pattern.build(Object.fromEntries(pattern.parameters.map((name, index) => [name, ids[index]!]))),
  )
/** As somebody would write it who never heard of the library. */
const raw = fc
  .record({ family, rest: hostile(0) })
  .map(({ family: { pattern }, rest }) => pattern.scanPattern.replace(/\*.*$/s, '') + rest)
const key = fc.record({ name: fc.oneof(built, raw, hostile(0)), bare: fc.boolean() })

/** What is meant, by the grammar of the family alone. */
function isMeant({ pattern }: Family, parameter: string, value: string | null, name: string): boolean {
  const parameters = pattern.match(name)
  if (!parameters) return false
  const spelt = (text: string) =>
    pattern.match(pattern.build({ ...parameters, [parameter]: text }))![parameter]
  return value === null || parameters[parameter] === spelt(value)
}

async function contents(): Promise<Map<string, string>> {
  const { client } = redis.server
  const keys = (await client.sendBytes('KEYS', '*')) as Buffer[]
  const values = keys.length === 0 ? [] : ((await client.sendBytes('MGET', ...keys)) as Buffer[])
  return new Map(keys.map((each, index) => [each.toString(), values[index]!.toString()]))
}

test('what is purged is what the grammar of the family says, whatever stands in an id; restored, all is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { selector: ({ name }) => name, minLength: 1, maxLength: 60 }),
      family,
      fc.option(id, { nil: null }),
      fc.boolean(),
      async (keys, purged, value, noTtl) => {
        await redis.server.client.send('FLUSHALL')
        await redis.fill(
          keys.map(({ name, bare }): Command => ['SET', name, `of ${name}`, ...(bare ? [] : ['EX', 100])]),
        )
        const before = await contents()
        const [parameter = ''] = purged.pattern.parameters
        const where = [...(value === null ? [] : [`${parameter}=${value}`]), ...(noTtl ? ['no-ttl'] : [])]
        const expected = keys.filter(
          ({ name, bare }) => isMeant(purged, parameter, value, name) && (bare || !noTtl),
        )
        const { plan, result, ledger } = await purgeAt(redis, directory, { family: purged.id, where })
        expect(plan.keys).toBe(expected.length)
        const survivors = new Map(before)
        for (const { name } of expected) survivors.delete(name)
        expect(await contents()).toEqual(survivors)
        if (expected.length === 0) return
        expect(result!.deleted).toBe(expected.length)
        expect((await restoreAt(redis, ledger!)).result).toMatchObject({
          restored: expected.length,
          complete: true,
        })
        expect(await contents()).toEqual(before)
      },
    ),
    { numRuns: RUNS },
  )
}, 600_000)
