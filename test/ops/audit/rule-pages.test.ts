import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import { rules } from '../../../src/ops/audit/rules/index.js'
import { examplesOf } from './page-examples.js'

const PARTS = [
  'What it does in an outage',
  'Bad',
  'Good',
  'When it is fine',
  'The drill that proves it',
  'What the rule does not see',
]
const ids = rules.map(({ id }) => id)
const pageOf = (id: string) => readFileSync(`docs/rules/${id}.md`, 'utf8')

test('every page is of a rule', () => {
  const pages = readdirSync('docs/rules').filter((name) => name !== 'README.md')
  expect(pages.sort()).toEqual(ids.map((id) => `${id}.md`).sort())
})

describe.each(ids)('%s', (id) => {
  test('has one paragraph and the six parts, in their order', () => {
    const page = pageOf(id)
    expect(page).toMatch(new RegExp(`^# ${id}: \\S`))
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(PARTS)
    const [, introduction = ''] = /^# .*\n\n([^]*?)\n\n## /.exec(page) ?? []
    expect(introduction.split('\n\n')).toHaveLength(1)
  })

  test('names a drill that can be run as it stands', () => {
    const text = /^## The drill that proves it\n([^]*?)(?=^## )/m.exec(pageOf(id))?.[1] ?? ''
    const lines = [...text.matchAll(/(?:`|^)(cache [^`]+?)(?:`|$)/gm)].map(([, line]) =>
      line!.replaceAll('\n', ' '),
    )
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.flatMap(wrongIn)).toEqual([])
  })
})

interface Manifest {
  commands: Record<string, { flags: Record<string, unknown> }>
}
const { commands } = JSON.parse(readFileSync('oclif.manifest.json', 'utf8')) as Manifest

/** What no command of ours takes. */
function wrongIn(line: string): string[] {
  const words = line.split(/\s+/).slice(1)
  const own = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined)
  const id = [own.slice(0, 2).join(':'), own[0] ?? ''].find((each) => each in commands)
  if (id === undefined) return [line]
  return own.flatMap((word, index) => {
    const [name = '', value = own[index + 1] ?? ''] = word.split('=')
    if (name === '--drill' && !existsSync(`docs/faults/${value}.md`)) return [`${line}: drill ${value}`]
    if (name === '--only' && !existsSync(`docs/checks/${value}.md`)) return [`${line}: check ${value}`]
    return name.startsWith('--') && !(name.slice(2) in commands[id]!.flags) ? [`${line}: ${name}`] : []
  })
}

/** All examples in one audit, each a module. */
describe('examples', () => {
  let directory: string
  let found: Map<string, Set<string>>
  const named = ids.flatMap((id) =>
    examplesOf(id).map((each, index) => ({ ...each, file: `${id}-${each.part}-${index}.ts` })),
  )
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cache-audit-pages-'))
    for (const { file, code } of named) writeFileSync(join(directory, file), code)
    const { findings, problems } = await audit({ paths: ['.'], cwd: directory })
    expect(problems).toEqual([])
    found = new Map(named.map(({ file }) => [file, new Set<string>()]))
    for (const { file, rule } of findings) found.get(file)?.add(rule)
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each(ids)('%s: what is bad breaks it, what is good does not', (id) => {
    const own = named.filter((each) => each.id === id)
    expect(new Set(own.map(({ part }) => part))).toEqual(new Set(['Bad', 'Good']))
    const wrong = own.filter(({ part, file }) => found.get(file)!.has(id) !== (part === 'Bad'))
    expect(wrong.map(({ part, code }) => `${part}:\n${code}`)).toEqual([])
  })
})
