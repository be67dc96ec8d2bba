import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, describe, expect, test } from 'vitest'
import { compliant, violations, type Tree } from './import-trees.js'

const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration
const rules = config.forbidden ?? []
const root = mkdtempSync(join(tmpdir(), 'cache-import-rules-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Names of the rules that `tree`, a file per key, breaks. */
async function broken(name: string, tree: Tree): Promise<string[]> {
  const baseDir = join(root, name)
  for (const [file, content] of Object.entries({ 'package.json': '{}', ...tree })) {
    mkdirSync(dirname(join(baseDir, file)), { recursive: true })
    writeFileSync(join(baseDir, file), content)
  }
  symlinkSync(resolve('node_modules'), join(baseDir, 'node_modules'))
  const { tsConfig: _, ...options } = config.options ?? {}
  const { output } = await cruise(
    ['.'],
    { ...options, baseDir, ruleSet: { forbidden: rules }, validate: true },
    options.enhancedResolveOptions,
  )
  return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))].sort()
}

test('every rule says why, and a tree breaks it', () => {
  const names = rules.map(({ name }) => name ?? '')
  expect(Object.keys(violations).sort()).toEqual([...names].sort())
  // Two sentences: why, and what to do instead.
  for (const { comment } of rules) expect(comment).toMatch(/[.:] [A-Z].*\.$/)
})

describe('the tree that breaks only', () => {
  test.each(Object.entries(violations))('%s', async (name, tree) => {
    expect(await broken(name, tree)).toEqual([name])
  })
})

test('what the house asks for breaks nothing', async () => {
  expect(await broken('compliant', compliant)).toEqual([])
})
