import { expect, it } from 'vitest'
import { sanitise, sanitiseRendered } from '../../src/cli/sanitise.js'
import { renderTable } from '../../src/cli/table.js'
import { plainTerminal } from '../../src/cli/terminal.js'
import { block, entry, prose } from '../../src/cli/views/labelled-lines.js'

it.for([
  ['plain ünïcode ✓ 日本', 'plain ünïcode ✓ 日本'],
  ['a\u001B[31mred\u001B[0m', 'ared'],
  ['title \u001B]0;owned\u0007 gone', 'title  gone'],
  ['link \u001B]8;;http://evil\u001B\\text\u001B]8;;\u001B\\', 'link text'],
  ['clear \u001B[2J\u001B[H', 'clear '],
  ['8-bit \u009B31m', '8-bit '],
  ['reset \u001Bc', 'reset '],
  ['one\r\ntwo\tthree', 'one two three'],
  ['bell\u0007 back\b nul\u0000', 'bell back nul'],
  ['user\u202Egpj.exe', 'usergpj.exe'],
  ['unfinished \u001B]0;title', 'unfinished '],
])('%j becomes harmless', ([before, after]) => {
  expect(sanitise(before as string)).toBe(after)
})

it('our own text keeps its lines, and its colours where there are any', () => {
  const text = '\u001B[32mok\u001B[39m\n\u001B[2Jevil\r'
  expect(sanitiseRendered(text, true)).toBe('\u001B[32mok\u001B[39m\nevil')
  expect(sanitiseRendered(text, false)).toBe('ok\nevil')
})

it.for([
  ['::error::gone', ': :error::gone'],
  ['ok\n         ::add-mask::secret', 'ok\n         : :add-mask::secret'],
  ['\t::stop-commands::x', '\t: :stop-commands::x'],
  ['::ERROR file=a.ts,line=1::x', ': :ERROR file=a.ts,line=1::x'],
  ['a key ##[add-path]/tmp of it', 'a key ## [add-path]/tmp of it'],
  ['\u001B[2J::error::x', ': :error::x'],
  // Which are none.
  ['a ::error::x', 'a ::error::x'],
  ['::1:6379 and ::ffff', '::1:6379 and ::ffff'],
  ['## [a] heading', '## [a] heading'],
])('%j is no command to GitHub', ([before, after]) => {
  expect(sanitiseRendered(before as string, false)).toBe(after)
})

/** As its runner reads a line (actions/runner, ActionCommand.cs), whatever the command is called. */
const obeyed = (line: string) => /^\s*::[^: ]+(?: .*)?::/.test(line) || /##\[[^\]]+\]/.test(line)

it('a text that was none becomes none by being wrapped, wherever the terminal ends', () => {
  const hostile = 'the server said: x ::add-mask::canary and ::warning title=a b::c, then ##[add-path]/tmp'
  let would = 0
  for (let width = 20; width <= 100; width++) {
    const terminal = { ...plainTerminal, width }
    const texts = [
      entry('because', hostile, terminal),
      prose('note', hostile, terminal).join('\n'),
      block('output', hostile.replaceAll(' ::', '\n::'), 10, terminal).join('\n'),
      renderTable([{ title: 'id' }, { title: 'said', wraps: true }], [['a', hostile]], terminal),
      renderTable([{ title: 'said', wraps: true }], [[hostile]], terminal),
    ]
    for (const text of texts) {
      would += text.split('\n').filter(obeyed).length
      expect(sanitiseRendered(text, false).split('\n').filter(obeyed)).toEqual([])
    }
  }
  expect(would).toBeGreaterThan(100)
})

it('an unfinished sequence cannot swallow the next line', () => {
  expect(sanitiseRendered('key \u001B]0;\nFAIL', false)).toBe('key \nFAIL')
})
