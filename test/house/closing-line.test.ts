import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'cache-closing-line-'))
symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const vitest = resolve('node_modules/vitest/vitest.mjs')
const reporters = ['--reporter=default', `--reporter=${resolve('scripts/closing-line-reporter.js')}`]

const mixed = `
import { test, expect } from 'vitest'
test('a', () => {})
test('b', () => { expect(1).toBe(2) })
test.skip('c', () => {})
test.todo('d')
`
const brokenHook = `
import { test, describe, beforeAll } from 'vitest'
test('a', () => {})
describe('d', () => { beforeAll(() => { throw new Error('no server') }); test('b', () => {}) })
`
const lateError = `
import { test } from 'vitest'
test('a', async () => { setTimeout(() => { throw new Error('late') }, 1); await new Promise((r) => setTimeout(r, 100)) })
`

test.concurrent.each([
  ['green', { 'a.test.js': "import { test } from 'vitest'\ntest('a', () => {})\n" }, '1 passed, 0 failed', 0],
  ['mixed', { 'a.test.js': mixed }, '1 passed, 1 failed, 2 skipped', 1],
  ['a file that does not load', { 'a.test.js': "import './missing.js'\n" }, '0 passed, 1 failed', 1],
  ['a hook that throws', { 'a.test.js': brokenHook }, '1 passed, 1 failed, 1 skipped', 1],
  ['an error outside of tests', { 'a.test.js': lateError }, '1 passed, 1 failed', 1],
  ['a file without a test', { 'a.test.js': '' }, '0 passed, 1 failed', 1],
  ['no file', {}, '0 passed, 1 failed', 1],
])('%s', async (_name, files: Record<string, string>, line, code) => {
  const directory = mkdtempSync(join(root, 'run-'))
  for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content)
  const env = { ...process.env, FORCE_COLOR: '1', NO_COLOR: undefined }
  const ended = await new Promise<{ code: number | null; stdout: string }>((done) => {
    const child = execFile(
      process.execPath,
      [vitest, 'run', '--root', directory, ...reporters],
      { env, cwd: directory },
      (_error, stdout) => done({ code: child.exitCode, stdout }),
    )
  })
  expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe(line)
  expect(ended.code).toBe(code)
})
