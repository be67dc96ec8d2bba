import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import { changesIn } from '../../../src/ops/audit/changed/hunks.js'
import { readChanges } from '../../../src/ops/audit/changed/read-changes.js'
import { emptyRepository } from './git-fixture.js'

const HEAD = "import Redis from 'ioredis'\n"
const open = (name: string, more = '') =>
  `export function ${name}(): Redis | null {\n${more}  return null\n}\n`

let repository: ReturnType<typeof emptyRepository>
beforeAll(() => {
  repository = emptyRepository()
  const { git, write, commit } = repository
  write('old.ts', HEAD + open('old'))
  write('two.ts', HEAD + open('first') + open('second'))
  write('moved.ts', HEAD + open('moved'))
  commit('main')
  git('checkout', '--quiet', '-b', 'topic')
  write('two.ts', HEAD + open('first') + open('second', '  void 0\n'))
  renameSync(join(repository.cwd, 'moved.ts'), join(repository.cwd, 'renamed.ts'))
  commit('topic')
  write('staged.ts', HEAD + open('staged'))
  git('add', 'staged.ts')
  write('sub/new name "ä".ts', HEAD + open('untracked'))
  write('ignored.ts', HEAD + open('ignored'))
  write('.gitignore', 'ignored.ts\n')
  git('checkout', '--quiet', 'main', '--', '.')
  git('checkout', '--quiet', 'topic', '--', '.')
  rmSync(join(repository.cwd, 'moved.ts'), { force: true })
})
afterAll(() => rmSync(repository.cwd, { recursive: true }))

const symbols = async (changedSince: string, cwd = repository.cwd, paths = ['.']) => {
  const report = await audit({ paths, cwd, rules: ['R1'], changedSince })
  return { report, found: report.findings.map(({ symbol }) => symbol).sort() }
}

test('since the default branch: what changed in the function, staged and new files; not what was only moved', async () => {
  const { report, found } = await symbols('')
  expect(found).toEqual(['second', 'staged', 'untracked'])
  expect(report.changed).toMatchObject({ since: 'main', unchanged: 4 })
})

test('since HEAD: only what is not committed', async () => {
  expect((await symbols('HEAD')).found).toEqual(['staged', 'untracked'])
})

test('from a directory below, and through a link', async () => {
  expect((await symbols('main', join(repository.cwd, 'sub'))).found).toEqual(['untracked'])
  const elsewhere = mkdtempSync(join(tmpdir(), 'cache-audit-link-'))
  symlinkSync(repository.cwd, join(elsewhere, 'link'))
  expect((await symbols('main', join(elsewhere, 'link'))).found).toEqual(['second', 'staged', 'untracked'])
  rmSync(elsewhere, { recursive: true })
})

test.each(['gone', '--upload-pack=touch x', '-x', 'HEAD..main', 'a\0b', '$(touch x)'])(
  '%j is refused',
  async (ref) => {
    await expect(symbols(ref)).rejects.toMatchObject({ kind: 'usage', code: 'UNKNOWN_REF' })
  },
)

test('outside of a repository, in an empty one, and in a shallow one it says so', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'cache-audit-none-'))
  const asked = (since: string, cwd: string) => readChanges(since, { paths: ['.'], cwd })
  await expect(asked('', elsewhere)).rejects.toMatchObject({ kind: 'usage', code: 'NO_REPOSITORY' })
  mkdirSync(join(elsewhere, 'empty'))
  execFileSync('git', ['init', '--quiet'], { cwd: join(elsewhere, 'empty') })
  await expect(asked('', join(elsewhere, 'empty'))).rejects.toMatchObject({ code: 'NO_COMMIT' })
  const clone = ['clone', '--quiet', '--depth=1', `file://${repository.cwd}`, 'shallow']
  execFileSync('git', clone, { cwd: elsewhere, stdio: 'ignore' })
  await expect(asked('HEAD~1', join(elsewhere, 'shallow'))).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('only the last commits were fetched') as string,
    suggestions: expect.arrayContaining(['git fetch --unshallow']) as string[],
  })
  rmSync(elsewhere, { recursive: true })
})

test('lines that look like the head of a file are none', () => {
  const diff = [
    '--- a/x.ts',
    '+++ b/x.ts',
    '@@ -3,2 +3 @@',
    '--- a/y.ts',
    '-+++ b/y.ts',
    '+++ b/z.ts',
    '\\ No newline at end of file',
    '@@ -9 +8,0 @@',
    '-gone',
    '--- a/deleted.ts',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-x',
    '--- "a/t\\tb.ts"',
    '+++ "b/t\\tb.ts"',
    '@@ -0,0 +1,4 @@',
  ]
  expect([...changesIn(diff.join('\n'))]).toEqual([
    [
      'x.ts',
      [
        { from: 3, to: 3 },
        { from: 8, to: 9 },
      ],
    ],
    ['t\tb.ts', [{ from: 1, to: 4 }]],
  ])
})
