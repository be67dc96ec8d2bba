import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = (path: string, text: string) => {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'find-chromium-'))
  symlinkSync(process.execPath, join(directory, 'node'))
  for (const name of ['dirname', 'id'])
    program(join(directory, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`)
})
afterEach(() => rmSync(directory, { recursive: true }))

const run = (file: string, words: string[], env: Record<string, string>) =>
  spawnSync(file, words, { env: { PATH: directory, ...env }, encoding: 'utf8' })
const find = (env = {}) => run(process.execPath, [resolve('scripts/find-chromium.js')], env)
const ensure = (env = {}) => run('/bin/sh', [resolve('scripts/ensure-chromium')], env)
const pictures = (env = {}) =>
  run(process.execPath, [resolve('scripts/report-screenshots.js'), join(directory, 'report.json')], env)

const browser = (name: string) => {
  const path = join(directory, name)
  program(path, '#!/bin/sh\nexit 1\n')
  return path
}

test.each(['chromium', 'chromium-browser', 'google-chrome'])('%s on PATH is found', (name) => {
  const path = browser(name)
  expect(find().stdout.trim()).toBe(path)
  expect(ensure()).toMatchObject({ status: 0, stderr: '' })
  expect(find({ CACHE_CHROMIUM: path, PATH: '/nowhere' }).stdout.trim()).toBe(path)
})

test('pictures are taken with what is found, whatever it is called', () => {
  expect(pictures()).toMatchObject({ status: 3 })
  browser('google-chrome')
  // It gets as far as to the report, which is missing.
  expect(pictures().stderr).toContain('ENOENT')
})

test('where CACHE_CHROMIUM names no program, no other one is taken', () => {
  browser('chromium')
  const env = { CACHE_CHROMIUM: directory }
  expect(find(env)).toMatchObject({ status: 1, stdout: '' })
  expect(ensure(env).status).toBe(3)
  expect(ensure(env).stderr).toContain('is not a program')
})
