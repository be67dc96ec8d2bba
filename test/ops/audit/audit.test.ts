import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { audit } from '../../../src/ops/audit/audit.js'
import { rules } from '../../../src/ops/audit/rules/index.js'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'cache-audit-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true })
  writeFileSync(join(cwd, path), text)
}

const NULLABLE = "import Redis from 'ioredis'\nexport function open(): Redis | null { return null }\n"
const run = (options: Partial<Parameters<typeof audit>[0]> = {}) => audit({ paths: ['.'], cwd, ...options })

describe('what is read', () => {
  test.each([
    'dist/a.ts',
    'node_modules/x/a.ts',
    '.next/a.js',
    'coverage/a.ts',
    'a.test.ts',
    '__tests__/a.ts',
    'bench/a.ts',
    'packages/x/benchmarks/a.ts',
    'a.d.ts',
  ])('%s is left out', async (path) => {
    write(path, NULLABLE)
    write('src/plain.ts', 'export const one = 1\n')
    expect((await run()).findings).toEqual([])
  })

  test.each(['a.ts', 'a.tsx', 'a.mts', 'a.cts'])('%s is read', async (path) => {
    write(path, NULLABLE)
    expect((await run()).findings).toMatchObject([
      { rule: 'R1', file: path, line: 2, column: 17, symbol: 'open' },
    ])
  })

  test.each(['a.js', 'a.cjs'])('%s is read, without types', async (path) => {
    write(
      path,
      "const Redis = require('ioredis')\nexports.open = (url) => (url ? new Redis(url, {}) : null)\n",
    )
    const report = await run({ rules: ['R11'] })
    expect(report.findings.map(({ rule }) => rule)).toEqual(['R11', 'R11'])
  })

  test('a test that is named is read', async () => {
    write('__tests__/a.ts', NULLABLE)
    expect((await run({ paths: ['__tests__'] })).findings).toHaveLength(1)
  })

  test('an empty directory proves nothing', async () => {
    expect(await run()).toMatchObject({ verdict: 'inconclusive', summary: { files: 0 } })
  })

  test('a syntax error is told, and the rest of the file and all others are judged', async () => {
    write('a.ts', `${NULLABLE}export function half( {\n`)
    write('b.ts', NULLABLE)
    const report = await run()
    expect(report.problems).toMatchObject([
      { file: 'a.ts', message: expect.stringMatching(/^syntax error: /) as string },
    ])
    expect(report.findings.map(({ file }) => file)).toEqual(['a.ts', 'b.ts'])
  })

  test('an import of own code that leads nowhere is counted', async () => {
    write('a.ts', `import { gone } from './gone'\n${NULLABLE}`)
    const { summary, problems } = await run()
    expect(summary.unresolvedImports).toBe(1)
    expect(problems).toMatchObject([{ file: 'a.ts', line: 1, message: "import './gone' led nowhere" }])
  })

  test('an import of what is only declared leads to the declaration', async () => {
    write('a.ts', `import { declared } from './declared.js'\n${NULLABLE}`)
    write('declared.d.ts', 'export declare const declared: number')
    expect((await run()).summary.unresolvedImports).toBe(0)
  })
})

describe('null safety', () => {
  const lying =
    "import Redis from 'ioredis'\nexport function open(url?: string): Redis {\n  return url ? new Redis(url) : (null as any)\n}\n"
  const code = lying.replace('(null as any)', 'null')

  test.each([
    [{ strict: true }, 0],
    [{ strict: true, strictNullChecks: false }, 1],
    [{}, 1],
  ])('with %j a declared type without null gives %i findings', async (compilerOptions, count) => {
    write('tsconfig.base.json', JSON.stringify({ compilerOptions }))
    write('tsconfig.json', '{ "extends": "./tsconfig.base.json", /* comment */ }')
    write('a.ts', code)
    expect((await run({ rules: ['R1'] })).findings).toHaveLength(count)
  })

  test('tsconfig files that extend each other end', async () => {
    write('tsconfig.json', '{ "extends": "./other.json" }')
    write('other.json', '{ "extends": "./tsconfig.json" }')
    write('a.ts', NULLABLE)
    expect((await run()).findings).toHaveLength(1)
  })
})

describe('verdict', () => {
  test.each([
    ['error', 'fail'],
    ['warn', 'fail'],
    ['never', 'pass'],
  ] as const)('an error with --fail-on %s: %s', async (failOn, verdict) => {
    write('a.ts', NULLABLE)
    expect((await run({ failOn })).verdict).toBe(verdict)
  })

  test('clean code passes', async () => {
    write('a.ts', 'export const redisIsNamedHere = 1\n')
    expect(await run()).toMatchObject({ verdict: 'pass', findings: [], summary: { read: 1 } })
  })

  test('aborted is inconclusive', async () => {
    write('a.ts', NULLABLE)
    expect((await run({ signal: AbortSignal.abort() })).verdict).toBe('inconclusive')
  })

  test('aborted while reading, it stops there', async () => {
    for (let index = 0; index < 20; index++) write(`${index}.ts`, NULLABLE)
    const controller = new AbortController()
    const events: string[] = []
    const report = await run({
      signal: controller.signal,
      onEvent: ({ type }) => {
        events.push(type)
        setImmediate(() => controller.abort())
      },
    })
    expect(events).toEqual(['reading'])
    expect(report).toMatchObject({ verdict: 'inconclusive', findings: [], summary: { files: 0 } })
  })

  test('a rule that breaks says where, and is no verdict', async () => {
    write('a.ts', NULLABLE)
    const rule = rules[0]!
    const { check } = rule
    rule.check = () => {
      throw new Error('broken')
    }
    try {
      await expect(run()).rejects.toThrow(/rule R1 broke on .*a\.ts/)
    } finally {
      rule.check = check
    }
  })
})

describe('accepted findings', () => {
  test('a comment with a reason accepts its rule on its own and the next line', async () => {
    write('a.ts', NULLABLE.replace('export', '// cache-audit-ignore R4, R1: asked for\nexport'))
    write('b.ts', NULLABLE.replace('{ return null }', '{ return null } // cache-audit-ignore r1: here'))
    const report = await run()
    expect(report.findings).toEqual([])
    expect(report.accepted.map(({ file, reason }) => [file, reason])).toEqual([
      ['a.ts', 'asked for'],
      ['b.ts', 'here'],
    ])
  })

  test('a comment without a reason accepts nothing and is told', async () => {
    write('a.ts', NULLABLE.replace('export', '// cache-audit-ignore R1\nexport'))
    const report = await run()
    expect(report.findings).toHaveLength(1)
    expect(report.problems).toMatchObject([
      { line: 2, message: expect.stringContaining('without a reason') as string },
    ])
  })
})

describe('a defect that two rules know', () => {
  const EITHER = `import Redis from 'ioredis'
interface Cache { get(key: string): Promise<string | null>; set(key: string, value: string): Promise<void>; del(key: string): Promise<void> }
class Shared implements Cache {
  constructor(readonly redis: Redis) {}
  async get(key: string) { return this.redis.get(key) }
  async set(key: string, value: string) { await this.redis.set(key, value, 'EX', 60) }
  async del(key: string) { await this.redis.del(key) }
}
class Table { async get(key: string) { return key } }
export function open(redis?: Redis) {
  if (redis) return new Shared(redis)
  return new Table()
}
`
  const rulesFound = async (only?: string[]) => {
    const { findings } = await run({ rules: only ?? ['R2', 'R4'] })
    return findings.map(({ rule }) => rule)
  }

  test('is told once, by the rule that names the branch', async () => {
    write('a.ts', EITHER)
    expect(await rulesFound()).toEqual(['R4'])
  })
  test('answers both items of the checklist, unless it is accepted', async () => {
    write('a.ts', EITHER)
    const answers = async () => {
      const { checklist } = await run({ rules: ['R2', 'R4'] })
      return checklist
        .filter(({ rules: [rule] }) => rule === 'R2' || rule === 'R4')
        .map(({ result }) => result)
    }
    expect(await answers()).toEqual(['fail', 'fail'])
    write('a.ts', EITHER.replace('  if (redis)', '  // cache-audit-ignore R4: for the test\n  if (redis)'))
    expect(await answers()).not.toContain('fail')
  })
  test('is told by the other where that rule is not applied', async () => {
    write('a.ts', EITHER)
    expect(await rulesFound(['R2'])).toEqual(['R2'])
  })
})

describe('what cannot be judged', () => {
  const deep = {
    'parentheses, where the parser gives up': `const redis = ${'('.repeat(5000)}1${')'.repeat(5000)}\n`,
    'a sum': `const redis = ${Array.from({ length: 20_000 }, () => '1').join('+')}\n`,
    'a chain of calls': `const redis = x${'.a()'.repeat(6000)}\n`,
  }
  test.each(Object.entries(deep))('%s: told, and no proof; the others are judged', async (_, code) => {
    write('deep.ts', code)
    expect(await run()).toMatchObject({
      verdict: 'inconclusive',
      problems: [{ file: 'deep.ts', message: 'nested too deeply to be judged' }],
      summary: { files: 1, unjudged: 1 },
    })
    write('a.ts', NULLABLE)
    expect(await run()).toMatchObject({ verdict: 'fail', findings: [{ file: 'a.ts' }] })
  })

  test('a file that cannot be read: told, and no proof', async () => {
    // Readable by nobody, root included: its first page is not mapped.
    symlinkSync('/proc/self/mem', join(cwd, 'a.ts'))
    expect(await run({ paths: ['a.ts'] })).toMatchObject({
      verdict: 'inconclusive',
      problems: [{ file: 'a.ts', message: 'cannot be read' }],
      summary: { unjudged: 1 },
    })
  })

  test('a file above 4 MiB is generated: told and left out', async () => {
    write('data.ts', `${NULLABLE}//${' '.repeat(4 * 1024 * 1024)}`)
    write('a.ts', 'export const redis = 1\n')
    expect(await run()).toMatchObject({
      verdict: 'pass',
      problems: [{ file: 'data.ts', message: expect.stringContaining('larger than 4 MiB') as string }],
      summary: { unjudged: 0 },
    })
  })

  test('what a web server hands to browsers is left out, and a page of the same name is not', async () => {
    const inJavaScript =
      "import Redis from 'ioredis'\nexport const open = (url) => (url ? new Redis(url) : null)\n"
    write('public/editor/redis.js', inJavaScript)
    write('routes/public/redis.js', inJavaScript)
    write('public/redis.ts', NULLABLE)
    const { findings } = await run({ rules: ['R1'] })
    expect(findings.map(({ file }) => file)).toEqual(['public/redis.ts', 'routes/public/redis.js'])
  })

  test('of a very long line the report has the part with the finding', async () => {
    const padding = `/*${' '.repeat(5000)}*/`
    write('a.ts', NULLABLE.replace('export', `${padding}export`).replace('\n}', `\n}${padding}`))
    const [finding] = (await run()).findings
    expect(finding!.excerpt).toContain('function open(): Redis | null')
    expect(finding!.excerpt.length).toBeLessThanOrEqual(200)
  })
})

test.each([
  ['', /path is empty/],
  ['/dev/null', /neither a file nor a directory/],
  ['gone', /no file or directory 'gone'/],
])('the path %j is refused', async (path, message) => {
  write('a.ts', NULLABLE)
  await expect(run({ paths: ['.', path] })).rejects.toThrow(message)
})

test('variables that are given one another a thousand times are read once each', async () => {
  const names = Array.from({ length: 32 }, (_, index) => `client${index}`)
  const given = names.flatMap((to) => names.map((from) => `  if (on('${from}')) ${to} = ${from}`))
  const body = [...names.map((name) => `let ${name}`), 'exports.tangle = (on) => {', ...given]
  write('a.js', `const Redis = require('ioredis')\n${body.join('\n')}\n  return client0\n}\n`)
  expect((await run()).summary).toMatchObject({ files: 1 })
})

test.each(['scripts', 'internal/cli'])(
  'what lies above a repository (%s) says nothing of its code',
  async (above) => {
    const code =
      "import Redis from 'ioredis'\nconst redis = new Redis()\nexport const stats = () => redis.keys('a')\n"
    for (const directory of ['plain', above]) {
      write(`${directory}/app/package.json`, '{}')
      write(`${directory}/app/src/a.ts`, `${code}${NULLABLE.replace("import Redis from 'ioredis'", '')}`)
    }
    const found = async (directory: string) =>
      (await run({ paths: [`${directory}/app`] })).findings.map(({ rule, line }) => `${rule} ${line}`)
    expect(await found(above)).toEqual(await found('plain'))
  },
)

test('a rule that is named twice is applied once', async () => {
  write('a.ts', NULLABLE)
  const report = await run({ rules: ['R1', 'r1'] })
  expect(report.findings).toHaveLength(1)
  expect(report.rules).toHaveLength(1)
})

test('the same code gives the same report, by file, line and column, whatever the order of the paths', async () => {
  for (const name of ['b', 'a', 'c']) write(`${name}/x.ts`, NULLABLE.repeat(1))
  const one = await run({ paths: ['c', 'a', 'b'] })
  const two = await run({ paths: ['a', 'b', 'c'] })
  expect(one.findings).toEqual(two.findings)
  expect(one.findings.map(({ file }) => file)).toEqual(['a/x.ts', 'b/x.ts', 'c/x.ts'])
})
