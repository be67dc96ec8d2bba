import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'

const CODE = `import Redis from 'ioredis'
export function open(): Redis | null { return null }
export const made = new Redis(url, { maxRetriesPerRequest: null, db: 1 })
`
let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-audit-baseline-'))
  mkdirSync(join(cwd, '.git'))
  writeFileSync(join(cwd, 'a.ts'), CODE)
})
afterEach(() => rmSync(cwd, { recursive: true }))

const write = (text: string, file = 'a.ts') => writeFileSync(join(cwd, file), text)
const run = (options: Partial<Parameters<typeof audit>[0]> & { update?: boolean } = {}) => {
  const { update = false, ...more } = options
  const baseline = { name: 'known.json', path: join(cwd, 'known.json'), update }
  return audit({ paths: ['.'], cwd, baseline, ...more })
}
const text = () => readFileSync(join(cwd, 'known.json'), 'utf8')

test('what is written is known, and written again it is the same', async () => {
  const first = await run({ update: true })
  expect(first).toMatchObject({ verdict: 'pass', findings: [], baseline: { written: { removed: 0 } } })
  expect(first.baseline!.written!.added).toBe(first.known.length)
  const written = text()
  expect(written.split('\n').filter((line) => line.includes('fingerprint'))).toHaveLength(first.known.length)
  expect((await run({ update: true })).baseline!.written).toMatchObject({ added: 0, removed: 0 })
  expect(text()).toBe(written)
})

test.each([
  ['moved lines', `// redis\n\n${CODE}`],
  [
    'another formatter',
    CODE.replaceAll("'", '"').replace(
      /new Redis.*\n/,
      'new Redis(\n  url,\n  {\n    // why\n    maxRetriesPerRequest: null,\n    db: 1,\n  },\n);\n',
    ),
  ],
  ['an edit elsewhere in the function', CODE.replace('return null', 'const one = 1; return null')],
])('%s: all is still known', async (_, changed) => {
  const { known } = await run({ update: true })
  write(changed)
  const report = await run()
  expect(report.findings).toEqual([])
  expect(report.known).toHaveLength(known.length)
})

test('in a renamed file all is still known', async () => {
  await run({ update: true })
  renameSync(join(cwd, 'a.ts'), join(cwd, 'b.ts'))
  expect(await run()).toMatchObject({ verdict: 'pass', findings: [], baseline: { fixed: [] } })
})

test('a second one that is alike is news, and what is gone is told until it is removed', async () => {
  await run({ update: true })
  write(CODE.replace('export const made', 'export const more = new Redis(url)\nexport const made'))
  const report = await run()
  expect(report.verdict).toBe('fail')
  expect(report.findings.every(({ symbol }) => symbol === 'more')).toBe(true)
  write(CODE.split('\n').slice(0, 2).join('\n'))
  const less = await run()
  expect(less).toMatchObject({ verdict: 'pass', known: [{ rule: 'R1' }] })
  expect(less.baseline!.fixed.length).toBeGreaterThan(0)
  expect((await run({ update: true })).baseline!.written!.removed).toBe(less.baseline!.fixed.length)
})

test('entries of rules and files that were not looked at are neither fixed nor removed', async () => {
  write(CODE, 'other.ts')
  await run({ update: true })
  const before = text()
  const part = await run({ rules: ['R1'], paths: ['a.ts'], update: true })
  expect(part.baseline!.notLookedAt).toBeGreaterThan(0)
  expect(text()).toBe(before)
})

test('the working directory makes no difference', async () => {
  mkdirSync(join(cwd, 'src'))
  write(CODE, 'src/c.ts')
  await run({ update: true })
  const below = await run({ cwd: join(cwd, 'src') })
  expect(below).toMatchObject({ verdict: 'pass', findings: [] })
})

test.each([
  ['{', 'it is not JSON'],
  ['<<<<<<< ours\n{}', 'a merge left its marks in it'],
  ['{"schema":"cache.audit.baseline/2","findings":[]}', 'its schema is not cache.audit.baseline/1'],
  ['null', 'its schema is not'],
  ['{"schema":"cache.audit.baseline/1","findings":[{"rule":"R1"}]}', 'an entry of it is no finding'],
])('%j is refused, also where it would be written anew', async (content, why) => {
  write(content, 'known.json')
  for (const update of [false, true]) {
    await expect(run({ update })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(why) as string,
    })
  }
  expect(text()).toBe(content)
})

test('one that is not there is refused, unless it is to be written', async () => {
  await expect(run()).rejects.toMatchObject({ kind: 'usage', code: 'BASELINE_UNUSABLE' })
})
