import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import type { AuditReport } from '../../../src/ops/report/audit-report.js'
import { unpack } from './unpack.js'

const HEAD = "import Redis from 'ioredis'\nconst redis = new Redis({ commandTimeout: 9 })\n"
const message = (error = 'error', of = 'message') =>
  `$` + `{${error} instanceof Error ? ${error}.${of} : 'unknown'}`
const warn = (text: string, logger = 'console') => `${logger}.warn(\`${text}\`)`
const failed = (where: string, method: string, error?: string) =>
  `${where}: ${method} of Redis failed: ${message(error)}`

/** Each a file of its own; before and after. */
const CASES: Record<string, [string, string]> = {
  'an empty block': [
    "export async function load() {\n  try {\n    await redis.get('a')\n  } catch {}\n}\n",
    `export async function load() {\n  try {\n    await redis.get('a')\n  } catch (error) { ${warn(failed('load', 'get'))} }\n}\n`,
  ],
  'a block that answers, and a name for the error': [
    "export async function load() {\n  try {\n    return await redis.get('a')\n  } catch (e) {\n    return null\n  }\n}\n",
    `export async function load() {\n  try {\n    return await redis.get('a')\n  } catch (e) {\n    ${warn(failed('load', 'get', 'e'))}\n    return null\n  }\n}\n`,
  ],
  'a comment, semicolons and tabs': [
    "export async function save() {\n\ttry {\n\t\tawait redis.set('a', 'b', 'EX', 9);\n\t} catch {\n\t\t// best effort\n\t}\n}\n",
    `export async function save() {\n\ttry {\n\t\tawait redis.set('a', 'b', 'EX', 9);\n\t} catch (error) {\n\t\t${warn(failed('save', 'set'))};\n\t\t// best effort\n\t}\n}\n`,
  ],
  'a rejection': [
    "export const load = () => redis.get('a').catch(() => null)\n",
    `export const load = () => redis.get('a').catch((error) => { ${warn(failed('load', 'get'))}; return null })\n`,
  ],
  'a rejection whose answer is an object': [
    "export const load = () => redis.get('a').catch((e) => ({ none: true }))\n",
    `export const load = () => redis.get('a').catch((e) => { ${warn(failed('load', 'get', 'e'))}; return ({ none: true }) })\n`,
  ],
  'a listener': [
    "redis.on('error', () => {})\n",
    `redis.on('error', (error) => { ${warn(`Redis: ${message()}`)} })\n`,
  ],
  'the logger of the class': [
    "export class Cache {\n  logger = makeLogger()\n  hello() { this.logger.warn('up') }\n  async load() {\n    try {\n      return await redis.get('a')\n    } catch {\n      return null\n    }\n  }\n}\n",
    `export class Cache {\n  logger = makeLogger()\n  hello() { this.logger.warn('up') }\n  async load() {\n    try {\n      return await redis.get('a')\n    } catch (error) {\n      ${warn(failed('Cache.load', 'get'), 'this.logger')}\n      return null\n    }\n  }\n}\n`,
  ],
  'where more may fail, Redis is not blamed': [
    "export async function load() {\n  try {\n    await ask()\n    return await redis.get('a')\n  } catch {\n    return null\n  }\n}\n",
    `export async function load() {\n  try {\n    await ask()\n    return await redis.get('a')\n  } catch (error) {\n    ${warn(`load failed, get of Redis or another call: ${message()}`)}\n    return null\n  }\n}\n`,
  ],
  'a handler elsewhere is left to the author': [
    "const quiet = () => null\nexport const load = () => redis.get('a').catch(quiet)\n",
    "const quiet = () => null\nexport const load = () => redis.get('a').catch(quiet)\n",
  ],
  'another error in use is left to the author': [
    "export async function load(error: string) {\n  try {\n    return await redis.get('a')\n  } catch {\n    return error\n  }\n}\n",
    "export async function load(error: string) {\n  try {\n    return await redis.get('a')\n  } catch {\n    return error\n  }\n}\n",
  ],
}

const mended = mkdtempSync(join(tmpdir(), 'cache-audit-fixes-'))
const fixtures = unpack('test/ops/audit/fixtures')
afterAll(() => [mended, fixtures].forEach((directory) => rmSync(directory, { recursive: true })))

test('R9 puts a log line where the failure is passed over, and never a key or what an error carries', async () => {
  const names = Object.keys(CASES)
  for (const [index, name] of names.entries())
    writeFileSync(join(mended, `f${index}.ts`), HEAD + CASES[name]![0])
  await audit({ paths: ['.'], cwd: mended, rules: ['R9'], fix: 'write' })
  const after = names.map((_, index) => readFileSync(join(mended, `f${index}.ts`), 'utf8'))
  expect(Object.fromEntries(names.map((name, index) => [name, after[index]!.slice(HEAD.length)]))).toEqual(
    Object.fromEntries(names.map((name) => [name, CASES[name]![1]])),
  )
})

const MADE = 'export const redis = process.env.REDIS_URL ? new Redis(process.env.REDIS_URL) : null'
const USED = 'export const one = (id: string) => redis?.get(id)\n'
const IMPORT = "import Redis from 'ioredis'\n"
const ADDED = "import { createPassThroughRedis } from 'transparent-cache'"

test('R1 puts a pass-through in the place of null where nobody asks more of it, and imports it', async () => {
  const directory = join(mended, 'r1')
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), text)
  }
  const left: Record<string, string> = {
    'more/a.ts': `${IMPORT}${MADE}\nexport const one = () => redis?.hgetall('a')\n`,
    'given/a.ts': `${IMPORT}${MADE}\n${USED}keep(redis)\n`,
    'options/a.ts': `${IMPORT}${MADE}\nexport const put = () => redis?.set('a', 'b', 'EX', 9)\n`,
    'typed/a.ts': `${IMPORT}${MADE.replace('redis =', 'redis: Redis | null =')}\n${USED}`,
    'renamed/a.ts': `${IMPORT}${MADE}\n${USED}`,
    'renamed/b.ts': "import { redis as client } from './a'\nexport const two = () => client?.hgetall('a')\n",
    'foreign/a.ts': `${IMPORT}${MADE}\n${USED}`,
  }
  for (const [file, text] of Object.entries(left)) write(file, text)
  write('foreign/package.json', '{"dependencies":{}}')
  write('esm/a.ts', `${IMPORT}${MADE}\n${USED}`)
  write(
    'esm/b.ts',
    "import { redis } from './a'\nexport const two = () => (redis ? redis.del('a') : undefined)\n",
  )
  write(
    'esm/c.ts',
    "import { redis } from './a'\nexport const three = () => { if (!redis) return 0; return redis.ping() }\n",
  )
  write('double/a.ts', `"use strict";\nimport Redis from "ioredis";\n${MADE};\n${USED}`)
  write('package.json', '{"dependencies":{"transparent-cache":"1"}}')
  const run = () => audit({ paths: ['.'], cwd: directory, rules: ['R1', 'R2', 'R4', 'R10'], fix: 'write' })
  const { fixes, findings } = await run()
  const read = (file: string) => readFileSync(join(directory, file), 'utf8')
  for (const [file, text] of Object.entries(left)) expect([file, read(file)]).toEqual([file, text])
  expect(read('double/a.ts')).toBe(
    `"use strict";\nimport Redis from "ioredis";\n${ADDED.replaceAll("'", '"')};\n${MADE.replace('null', 'createPassThroughRedis()')};\n${USED}`,
  )
  expect(fixes!.applied.map(({ file }) => file).sort()).toEqual(['double/a.ts', 'esm/a.ts'])
  expect(findings.filter(({ file }) => /^(?:esm|double)/.test(file))).toEqual([])
  expect((await run()).fixes).toMatchObject({ applied: [] })
})

test(
  'of all fixtures: what is fixed is gone, nothing new is found, the code still parses, and a second time nothing is left',
  { timeout: 120_000 },
  async () => {
    const before = await audit({ paths: ['.'], cwd: fixtures })
    const after = await audit({ paths: ['.'], cwd: fixtures, fix: 'write' })
    expect(after.fixes!.applied.length).toBeGreaterThan(20)
    expect(after.fixes!.skipped).toEqual([])
    expect(problemsOf(after)).toEqual(problemsOf(before))
    const [then, now] = [countsOf(before), countsOf(after)]
    for (const { rule, file } of after.fixes!.applied)
      then.set(`${file} ${rule}`, then.get(`${file} ${rule}`)! - 1)
    const wrong = [...new Set([...then.keys(), ...now.keys()])].filter(
      (key) => (now.get(key) ?? 0) !== (then.get(key) ?? 0),
    )
    expect(wrong).toEqual([])
    const mendedFiles = [...new Set(after.fixes!.applied.map(({ file }) => file))]
    const again = await audit({ paths: mendedFiles, cwd: fixtures, fix: 'write' })
    expect(again.fixes).toMatchObject({ written: false, applied: [] })
  },
)

/** Without places: lines move. */
function problemsOf({ problems }: AuditReport): string[] {
  return problems.map(({ file, message: text }) => `${file} ${text}`)
}

function countsOf({ findings }: AuditReport): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { file, rule } of findings)
    counts.set(`${file} ${rule}`, (counts.get(`${file} ${rule}`) ?? 0) + 1)
  return counts
}
