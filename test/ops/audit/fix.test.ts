import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-audit-fix-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const write = (text: string | Buffer, file = 'a.ts') => writeFileSync(join(cwd, file), text)
const read = (file = 'a.ts') => readFileSync(join(cwd, file), 'utf8')
const fix = (how: 'write' | 'show' = 'write') => audit({ paths: ['.'], cwd, rules: ['R11'], fix: how })
const HEAD = "import Redis from 'ioredis'\n"
const MESSAGE = '`Redis: $' + '{error.message}`'
const LISTENER = `redis.on('error', (error) => console.warn(${MESSAGE}))`

test.each([
  [
    'const redis = new Redis(process.env.REDIS_URL!)',
    `const redis = new Redis(process.env.REDIS_URL!, { commandTimeout: 1000 })\n${LISTENER}`,
  ],
  ['const redis = new Redis();', `const redis = new Redis({ commandTimeout: 1000 });\n${LISTENER};`],
  [
    "const redis = new Redis(6379, 'localhost', {})",
    `const redis = new Redis(6379, 'localhost', { commandTimeout: 1000 })\n${LISTENER}`,
  ],
  [
    'const redis = new Redis({ db: 1 })',
    `const redis = new Redis({ db: 1, commandTimeout: 1000 })\n${LISTENER}`,
  ],
  [
    'function make() {\n\tconst redis = new Redis({\n\t\tdb: 1,\n\t})\n\treturn redis.get("a")\n}',
    `function make() {\n\tconst redis = new Redis({\n\t\tcommandTimeout: 1000,\n\t\tdb: 1,\n\t})\n\t${LISTENER}\n\treturn redis.get("a")\n}`,
  ],
])('%s', async (before, after) => {
  write(`${HEAD}${before}\n`)
  const report = await fix()
  expect(read()).toBe(`${HEAD}${after}\n`)
  expect(report).toMatchObject({
    verdict: 'pass',
    findings: [],
    problems: [],
    fixes: { written: true, skipped: [] },
  })
  expect((await fix()).fixes).toMatchObject({ written: false, applied: [] })
  expect(read()).toBe(`${HEAD}${after}\n`)
})

test.each([
  'const redis = new Redis(options)',
  'const redis = new Redis(url, { maxRetriesPerRequest: null })\nredis.on("error", log)',
  'const redis = new Redis(url)\nredis.on("error", log)\nexport const next = () => redis.blpop("a", 0)',
  'const redis = on ? new Redis(settings) : null',
  'for (const redis = new Redis(settings); ; ) await redis.get("a")',
])('left to the author: %s', async (code) => {
  write(HEAD + code)
  expect((await fix()).fixes).toMatchObject({
    applied: code.startsWith('const redis = new Redis(options)') ? [{}] : [],
  })
})

test("the file's own logger is used", async () => {
  write(
    `${HEAD}import { logger } from './log'\nlogger.info('up')\nconst redis = new Redis({ commandTimeout: 9 })\n`,
  )
  await fix()
  expect(read()).toContain(`redis.on('error', (error) => logger.warn(${MESSAGE}))`)
})

test('line ends, the mark before the text and the mode stay', async () => {
  write(
    `\uFEFF${HEAD}const redis = new Redis({ commandTimeout: 9 })\nredis.get('a')\n`.replaceAll('\n', '\r\n'),
  )
  chmodSync(join(cwd, 'a.ts'), 0o750)
  await fix()
  expect(read()).toBe(
    `\uFEFF${HEAD}const redis = new Redis({ commandTimeout: 9 })\n${LISTENER}\nredis.get('a')\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  )
  expect(statSync(join(cwd, 'a.ts')).mode & 0o777).toBe(0o750)
})

test('a dry run writes nothing and prints what git can apply', async () => {
  write(
    `${HEAD}\n\n\n\n\n\n\n\n\nexport const redis = new Redis()\n\n\n\n\n\n\n\nexport const other = new Redis()`,
  )
  const before = read()
  const { fixes } = await fix('show')
  expect(fixes).toMatchObject({ written: false })
  expect(read()).toBe(before)
  writeFileSync(join(cwd, 'fix.diff'), fixes!.diff)
  execFileSync('git', ['apply', '--unsafe-paths', 'fix.diff'], { cwd })
  const applied = read()
  write(before)
  await fix()
  expect(read()).toBe(applied)
})

test('nothing is written through a link, outside of the directory, or over bytes that are no text', async () => {
  const code = `${HEAD}const redis = new Redis()\n`
  const elsewhere = mkdtempSync(join(tmpdir(), 'cache-audit-other-'))
  writeFileSync(join(elsewhere, 'b.ts'), code)
  symlinkSync(join(elsewhere, 'b.ts'), join(cwd, 'link.ts'))
  write(Buffer.concat([Buffer.from(code), Buffer.from([0x2f, 0x2f, 0xff])]), 'bytes.ts')
  const paths = ['link.ts', 'bytes.ts', join(elsewhere, 'b.ts')]
  const { fixes } = await audit({ paths, cwd, rules: ['R11'], fix: 'write' })
  expect(fixes).toMatchObject({ written: false, applied: [] })
  expect(new Set(fixes!.skipped.map(({ because }) => because))).toEqual(
    new Set(['the file is a link', 'the file is not UTF-8', 'the file is outside of the working directory']),
  )
  expect(readFileSync(join(elsewhere, 'b.ts'), 'utf8')).toBe(code)
  rmSync(elsewhere, { recursive: true })
})

test('what is accepted or known is not mended', async () => {
  write(
    `${HEAD}// cache-audit-ignore-file R11: late\n// cache-audit-ignore R11: on purpose\nconst redis = new Redis()\n`,
  )
  expect((await fix()).fixes).toMatchObject({ applied: [] })
})
