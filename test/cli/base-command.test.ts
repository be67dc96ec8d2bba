import { Config } from '@oclif/core'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import Check from './fixtures/commands/check.js'

let config: Config
let stdout: string
let stderr: string

beforeAll(async () => {
  const pjson = {
    name: 'transparent-cache',
    version: '1.2.3',
    oclif: { bin: 'cache', topicSeparator: ' ' as const },
  }
  config = await Config.load({ root: import.meta.dirname, pjson })
})

const capture = (take: (text: string) => void) => (chunk: unknown, done?: unknown) => {
  take(String(chunk))
  if (typeof done === 'function') done()
  return true
}

beforeEach(() => {
  stdout = stderr = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(capture((text) => (stdout += text)) as never)
  vi.spyOn(process.stderr, 'write').mockImplementation(capture((text) => (stderr += text)) as never)
})

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

it('run resolves to the report that was printed', async () => {
  const report = await Check.run(['--json', '--mode', 'fail'], config)
  expect(report).toMatchObject({ command: 'check', verdict: 'fail' })
  expect([JSON.parse(stdout)['verdict'], stderr, process.exitCode]).toEqual(['fail', '', 1])
})

it('oclif never gets to print a parser error: neither its context nor local paths', async () => {
  await Check.run(['--json', '--nope'], config)
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['schema', 'command', 'verdict', 'error'])
  expect(stdout.split('\n').length).toBeLessThan(15)
  expect(stdout).not.toContain(process.cwd())
})

it('toErrorJson, should oclif call it, shows no arguments of a Redis command', () => {
  const command = new Check([], config) as unknown as { toErrorJson(error: unknown): unknown }
  const error = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['me', 'hunter2'] } })
  expect(JSON.stringify(command.toErrorJson(error))).not.toContain('hunter2')
})

it('--json contradicting --reporter is a usage error, as JSON', async () => {
  await Check.run(['--json', '--reporter', 'text'], config)
  expect([JSON.parse(stdout)['error']['code'], process.exitCode]).toEqual(['CONFLICTING_FLAGS', 2])
})

it('--json behind -- is a word like any other', async () => {
  await Check.run(['--', '--json'], config)
  expect([stdout, process.exitCode]).toEqual(['', 2])
  expect(stderr).toContain("Unexpected argument: '--json'.")
})

it.for([
  [['--mode', 'fial'], "Error: 'fial' is no value of --mode; it takes pass, fail", 'Try: --mode fail\n'],
  [['--rat', '5'], 'Error: There is no flag --rat.\n', 'Try: --rate\n'],
  [
    ['--rate', 'fast'],
    'Error: --rate: Expected an integer but received: fast.\n',
    'See: cache check --help\n',
  ],
  [['--rate'], 'Error: Flag --rate expects a value.\n', 'See: cache check --help\n'],
  [['--rate', '1', '--rate', '2'], 'Error: Flag --rate can only be specified once.\n', 'See: '],
])('%j names the value and the way out', async ([argv, message, way]) => {
  Check.id = 'check'
  await Check.run(argv as string[], config)
  expect([stdout, process.exitCode]).toEqual(['', 2])
  expect(stderr).toContain(message)
  expect(stderr).toContain(way)
})

it('warnings are in the report, because a script reads no stderr', async () => {
  vi.stubEnv('HARMLESS', 'something')
  const report = await Check.run(['--json', '--say-env', 'HARMLESS'], config)
  vi.unstubAllEnvs()
  expect(report.warnings).toEqual(['warned of something'])
})

it('listens to no signal once it has ended', async () => {
  const before = process.listenerCount('SIGINT')
  await Check.run([], config)
  expect(process.listenerCount('SIGINT')).toBe(before)
})
