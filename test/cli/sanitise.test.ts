import { expect, it } from 'vitest'
import { sanitise, sanitiseRendered } from '../../src/cli/sanitise.js'

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

it('an unfinished sequence cannot swallow the next line', () => {
  expect(sanitiseRendered('key \u001B]0;\nFAIL', false)).toBe('key \nFAIL')
})
