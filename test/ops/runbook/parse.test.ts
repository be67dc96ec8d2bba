import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepsAt } from '../../../src/ops/runbook/anchor.js'
import { parseRunbook } from '../../../src/ops/runbook/parse.js'
import { UsageError } from '../../../src/ops/report/errors.js'

const fence = '```'
const parse = (...lines: string[]) => parseRunbook(lines.join('\n'), 'x.md')

const document = [
  '---',
  'title: front matter is no heading',
  '---',
  '# Redis is *down*',
  '',
  '## Check `ping`',
  '',
  `1. in a list:`,
  '',
  `   ${fence}bash name=ping timeout=2s env=REDIS_URL,A?,B=1 requires=jq`,
  '   redis-cli ping',
  '   # Expected: PONG',
  `   ${fence}`,
  '',
  '   If it fails, wait.',
  '',
  `${fence}console`,
  '$ not run',
  fence,
  '',
  '### Deeper',
  '',
  `${fence}cache`,
  'cache simulate-outage --drill "stall" # Expected: contains stall',
  'doctor',
  fence,
  '',
  `<!-- ${fence}bash`,
  'rm -rf nothing',
  `${fence} -->`,
  '## Check ping',
  `${fence}sh manual cleanup`,
  'echo by hand',
  fence,
  `${fence}bash`,
  '# only a remark',
  fence,
]

describe('a document', () => {
  it('has its blocks as steps, with lines, names, attributes and guidance', async () => {
    const { title, steps, ignored } = await parse(...document)
    expect([title, ignored]).toEqual(['Redis is down', ['console']])
    expect(steps.map(({ name, line, language }) => [name, line, language])).toEqual([
      ['ping', 10, 'bash'],
      ['deeper', 23, 'cache'],
      ['check-ping-1', 32, 'sh'],
    ])
    expect(steps[0]).toMatchObject({
      heading: 'Check ping',
      timeoutMs: 2000,
      requires: ['jq'],
      guidance: expect.stringMatching(/^If it fails, wait\./) as string,
      env: [
        { name: 'REDIS_URL', optional: false },
        { name: 'A', optional: true },
        { name: 'B', optional: false, fallback: '1' },
      ],
      commands: [{ line: 11, expectations: [{ text: 'PONG', line: 12, kind: 'line' }] }],
    })
    expect(steps[1]?.commands.map(({ text, expectations }) => [text, expectations.length])).toEqual([
      ['cache simulate-outage --drill "stall"', 1],
      ['doctor', 0],
    ])
    expect(steps[2]).toMatchObject({ manual: true, cleanup: true, timeoutMs: 60_000 })
  })

  it('is addressed by its headings, subsections included', async () => {
    const runbook = await parse(...document)
    const at = (anchor: string) => stepsAt(runbook, anchor).map(({ name }) => name)
    expect(at('check-ping')).toEqual(['ping', 'deeper'])
    expect(at('check-ping-1')).toEqual(['check-ping-1'])
    expect(() => at('chek-ping')).toThrow(
      expect.objectContaining({ code: 'RUNBOOK_UNKNOWN_ANCHOR', suggestions: ['x.md#check-ping'] }),
    )
  })

  it('that is any text crashes nothing and invents no step', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...document,
        fence,
        `${fence}bash`,
        '# Expected: < 3 ms',
        '    ',
        '> ',
        '- ',
        '<<EOF',
        '"',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (lines) => {
        try {
          const { steps } = await parse(...lines)
          const fences = lines.join('\n').match(/(?:`{3,}|~{3,})\s*(?:bash|sh|cache)\b/gi) ?? []
          expect(steps.length).toBeLessThanOrEqual(fences.length)
        } catch (error) {
          if (!(error instanceof UsageError)) throw error
          expect(error.message).toMatch(/^x\.md:\d+: /)
        }
      }),
    )
  })
})

describe('what cannot be used names its line and the way out', () => {
  const block = (info: string, ...lines: string[]) => ['', fence + info, ...lines, fence]
  it.for([
    [block('bash tiemout=5s', 'true'), 'RUNBOOK_UNKNOWN_ATTRIBUTE', 'x.md:2: ', 'timeout=5s'],
    [block('bash {1,3}', 'true'), 'RUNBOOK_UNKNOWN_ATTRIBUTE', 'x.md:2: ', 'the attributes are name='],
    [block('bash manual=yes', 'true'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'manual'],
    [block('bash timeout', 'true'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'timeout=VALUE'],
    [block('bash timeout=2w', 'true'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'timeout=30s'],
    [block('cache attempts=0', 'doctor'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'attempts=3'],
    [block('cache attempts=6', 'doctor'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'attempts=3'],
    [block('bash attempts=2', 'true'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'a loop in the block itself'],
    [block('bash env=1X', 'true'), 'RUNBOOK_BAD_ATTRIBUTE', 'x.md:2: ', 'env=REDIS_URL'],
    [block('bash', 'true', '# Expected:'), 'RUNBOOK_BAD_EXPECTATION', 'x.md:4: ', 'such as'],
    [block('bash', 'true', '# Expected: < fast'), 'RUNBOOK_BAD_EXPECTATION', 'x.md:4: ', 'such as'],
    [block('bash', 'true', '# Expected: /(/'), 'RUNBOOK_BAD_EXPECTATION', 'x.md:4: ', 'such as'],
    [block('bash', '# Expected: PONG', 'true'), 'RUNBOOK_BAD_EXPECTATION', 'x.md:3: ', 'below the command'],
    [block('bash', 'true |', '# Expected: 1', 'cat'), 'RUNBOOK_BAD_EXPECTATION', 'x.md:4: ', 'below'],
    [block('cache', 'keys | wc -l'), 'RUNBOOK_BAD_COMMAND', 'x.md:3: ', 'bash block'],
    [block('cache', 'runbook run x.md'), 'RUNBOOK_BAD_COMMAND', 'x.md:3: ', 'cannot run a runbook'],
    [
      [...block('bash name=a', 'true'), ...block('bash name=a', 'true')],
      'RUNBOOK_NAME_TWICE',
      'x.md:6: ',
      'a name of its own',
    ],
  ] as const)('%j', async ([lines, code, where, way]) => {
    const error = (await parse(...lines).catch((reason: unknown) => reason)) as UsageError
    expect(error).toMatchObject({ kind: 'usage', code })
    expect(error.message).toMatch(new RegExp(`^${where}`))
    expect(error.suggestions.join()).toContain(way)
  })
})

it('text in a here-document and in quotes is no expectation, and a sentence asserts nothing', async () => {
  const { steps } = await parse(
    `${fence}bash`,
    'cat <<EOF',
    '# Expected: not me',
    'EOF',
    `echo "it's # Expected: not me"`,
    '# Should be run as root',
    `${fence}`,
  )
  expect(steps[0]?.commands.flatMap(({ expectations }) => expectations)).toEqual([])
})
