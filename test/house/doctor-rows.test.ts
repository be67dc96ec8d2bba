import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'cache-doctor-rows-'))
const folder = join(root, 'test/ops/doctor')
mkdirSync(folder, { recursive: true })
symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const saying = (meta: object) => `
import { test } from 'vitest'
test('a', ({ task }) => void Object.assign(task.file.meta, ${JSON.stringify(meta)}))
`
const files = {
  'catalogue.test.js': saying({
    doctorRowsNeeded: {
      files: ['catalogue.test.js', 'rows.test.js'],
      needed: ['A-1 ok', 'A-1 warn or A-1 FAIL', 'B-1 ok', 'B-1 without the right'],
      cannotBe: ['C-1 warn', 'C-2 warn'],
    },
  }),
  'rows.test.js': saying({ doctorRows: ['A-1 ok', 'A-1 FAIL', 'B-1 FAIL', 'C-2 warn'] }),
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)

const reporters = ['doctor-rows', 'closing-line'].map(
  (name) => `--reporter=${resolve(`scripts/${name}-reporter.js`)}`,
)

function run(...filter: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const vitest = resolve('node_modules/vitest/vitest.mjs')
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [vitest, 'run', '--root', root, ...reporters, ...filter],
      { cwd: root },
      (_error, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    )
  })
}

test.concurrent(
  'what no test saw, and what was thought impossible, fails a whole run',
  async ({ expect }) => {
    const { code, stdout, stderr } = await run()
    expect(stderr).toContain('\n  B-1 ok\n  B-1 without the right\n')
    expect(stderr).toContain('\n  C-2 warn\n')
    expect(stderr).not.toMatch(/ {2}(?:A-1|C-1)/)
    expect([stdout, code]).toEqual(['2 passed, 1 failed\n', 1])
  },
)

test.concurrent('a part of the tests says nothing of it', async ({ expect }) => {
  expect(await run('catalogue')).toEqual({ code: 0, stdout: '1 passed, 0 failed\n', stderr: '' })
})

test('the run of this project has the reporter', async () => {
  const { default: config } = await import('../../vitest.config.js')
  expect(config.test?.reporters).toContain('./scripts/doctor-rows-reporter.js')
})
