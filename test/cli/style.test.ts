import { expect, it } from 'vitest'
import { progressMode } from '../../src/cli/progress.js'
import { wantsColour } from '../../src/cli/style.js'
import { wantsAscii } from '../../src/cli/terminal.js'

const terminal = { isTTY: true, write: () => true }
const unsized = { ...terminal, columns: 0 }
const pipe = { isTTY: false, write: () => true }

it.for([
  ['a terminal', terminal, {}, false, true],
  ['a pipe', pipe, {}, false, false],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, false, false],
  ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, false, true],
  ['NO_COLOR over FORCE_COLOR', pipe, { NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
  ['FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false, false],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false, false],
  ['--no-color', terminal, { FORCE_COLOR: '1' }, true, false],
] as const)('colour on %s', ([, stream, env, flag, wanted]) => {
  expect(wantsColour(stream, env, flag)).toBe(wanted)
})

it('is decided per stream: stdout in a pipe stays plain beside stderr on a terminal', () => {
  expect([wantsColour(pipe, {}, false), wantsColour(terminal, {}, false)]).toEqual([false, true])
})

it.for([
  ['a terminal', terminal, {}, {}, 'spinner'],
  ['a terminal under --json', terminal, {}, { json: true }, 'spinner'],
  ['CI', terminal, { CI: 'true' }, {}, 'lines'],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, {}, 'lines'],
  ['a terminal without a size', unsized, {}, {}, 'lines'],
  ['a pipe', pipe, {}, {}, 'lines'],
  ['a pipe under --json', pipe, {}, { json: true }, 'none'],
  ['--quiet', terminal, {}, { quiet: true }, 'none'],
] as const)('progress on %s', ([, stream, env, flags, mode]) => {
  expect(progressMode({ json: false, quiet: false, ...flags }, stream, env)).toBe(mode)
})

it.for([
  ['a terminal', terminal, {}, false, false],
  ['a terminal with Unicode', terminal, { LANG: 'de_DE.UTF-8', TERM: 'xterm' }, false, false],
  ['C.utf8', terminal, { LC_ALL: 'C.utf8' }, false, false],
  ['--ascii', pipe, {}, true, true],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, false, true],
  ['a pipe beside a dumb terminal', pipe, { TERM: 'dumb', LC_ALL: 'C' }, false, false],
  ['the locale C', terminal, { LC_ALL: 'C' }, false, true],
  ['Latin-1', terminal, { LANG: 'de_DE.ISO-8859-1' }, false, true],
  ['LC_ALL over LANG', terminal, { LC_ALL: 'C.UTF-8', LANG: 'C' }, false, false],
] as const)('ASCII only on %s', ([, stream, env, flag, wanted]) => {
  expect(wantsAscii(stream, env, flag)).toBe(wanted)
})
