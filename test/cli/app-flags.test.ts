import { expect, test } from 'vitest'
import { appOf, splitCommand } from '../../src/cli/app-flags.js'

const READY = { ready: 'http://127.0.0.1:3999/health', probe: ['/session'] }
const COMMAND = ['node', 'server.js']

test('all behind the first -- is the command, flags and further -- included', () => {
  expect(splitCommand(['--drill', 'stall', '--', 'npm', 'start', '--', '--json'])).toEqual([
    ['--drill', 'stall'],
    ['npm', 'start', '--', '--json'],
  ])
  expect(splitCommand(['--list'])).toEqual([['--list'], undefined])
})

test.each([
  [READY, undefined, 'NO_COMMAND'],
  [READY, [], 'NO_COMMAND'],
  [{ probe: ['/session'] }, COMMAND, 'NO_READY_URL'],
  [{ ...READY, probe: ['GET'] }, COMMAND, 'BAD_PROBE'],
  [{ ...READY, probe: ['GET / expect fine'] }, COMMAND, 'BAD_PROBE'],
  [{ ...READY, probe: ['GET / expect 200 and more'] }, COMMAND, 'BAD_PROBE'],
  [{ ...READY, subject: 'library' }, COMMAND, 'CONFLICTING_FLAGS'],
  [{ ...READY, probes: '/nowhere.yaml' }, COMMAND, 'BAD_PROBES_FILE'],
  [{ ...READY, 'redis-variable': ['A B'] }, COMMAND, 'BAD_FLAG_VALUE'],
])('%j with %j is refused', async (flags, command, code) => {
  await expect(appOf(flags, command, {})).rejects.toMatchObject({ code, kind: 'usage' })
})

test('without a command and flags about one there is no app', async () => {
  expect(await appOf({}, undefined, {})).toBeUndefined()
})

test('a probe says what is asked and what is expected', async () => {
  const probe = ['POST /login?x=1 expect 200,4xx body contains "a \\"b\\""', '/']
  expect((await appOf({ ...READY, probe }, COMMAND, {}))?.probes).toEqual([
    {
      method: 'POST',
      path: '/login?x=1',
      expect: { statuses: ['200', '4xx'], contains: 'a "b"' },
    },
    { method: 'GET', path: '/', expect: { statuses: ['2xx'], contains: undefined } },
  ])
})
