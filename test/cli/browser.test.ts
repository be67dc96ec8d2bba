import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openersIn, openFile } from '../../src/cli/browser.js'
import { until } from '../support/clients.js'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache browser-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

test('BROWSER comes first, as a list, and then what the platform has', () => {
  expect(openersIn({}, 'linux')).toEqual(['xdg-open'])
  expect(openersIn({}, 'darwin')).toEqual(['open'])
  expect(openersIn({}, 'win32')).toEqual(['explorer.exe'])
  expect(openersIn({ BROWSER: 'w3m:firefox %s::' }, 'linux')).toEqual(['w3m', 'firefox', 'xdg-open'])
})

test('the file is one word, whatever is in its name, and no shell sees it', async () => {
  const [program, told] = [join(directory, 'program'), join(directory, 'told')]
  writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$#" "$1" > '${told}.tmp'\nmv '${told}.tmp' '${told}'\n`)
  chmodSync(program, 0o755)
  const file = join(directory, 'a page; touch pwned $(touch pwned).html')
  const env = { BROWSER: `/nowhere/browser:${program}` }
  expect(await openFile(file, { env, platform: 'linux' })).toBe(true)
  await until('the program to be told', () => existsSync(told))
  expect(readFileSync(told, 'utf8')).toBe(`1|${file}|`)
})

test('where there is none, nothing is opened', async () => {
  const before = process.env['PATH']
  process.env['PATH'] = directory
  try {
    expect(await openFile(join(directory, 'page.html'), { env: {}, platform: 'linux' })).toBe(false)
  } finally {
    process.env['PATH'] = before
  }
})
