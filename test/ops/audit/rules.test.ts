import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import { rules } from '../../../src/ops/audit/rules/index.js'
import { expectationsIn } from './expectations.js'
import { unpack } from './unpack.js'

const fixtures = unpack('test/ops/audit/fixtures')
afterAll(() => rmSync(fixtures, { recursive: true }))

async function foundIn(cwd: string, only?: string[]): Promise<string[]> {
  const { findings } = await audit({ paths: ['.'], cwd, rules: only })
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).sort()
}

describe('fixtures', () => {
  // Of one rule each: what another rule says of them is not what they were written for.
  test.each(rules.map(({ id }) => id))(
    '%s: every finding is announced, every announcement found',
    async (id) => {
      const directory = join(fixtures, id.toLowerCase())
      const announced = expectationsIn(directory).filter((each) => each.endsWith(` ${id}`))
      expect(await foundIn(directory, [id])).toEqual(announced)
    },
  )
  test.each(['any', 'workspace'])('%s: every finding is announced', async (name) => {
    const directory = join(fixtures, name)
    expect(await foundIn(directory, ['R1', 'R4', 'R10', 'R11'])).toEqual(expectationsIn(directory))
  })
})

describe.each(rules.map(({ id }) => id))('%s', (id) => {
  test('has a fixture that breaks it', () => {
    expect(expectationsIn(fixtures).some((each) => each.endsWith(` ${id}`))).toBe(true)
  })
  test('has a page', () => expect(existsSync(`docs/rules/${id}.md`)).toBe(true))
})
