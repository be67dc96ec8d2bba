import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseOutputs } from '../../src/cli/outputs.js'

const directory = mkdtempSync(join(tmpdir(), 'cache-outputs-'))
afterAll(() => rmSync(directory, { recursive: true }))

it('a path may contain an equals sign', () => {
  const path = join(directory, 'a=b.json')
  expect(parseOutputs([`json=${path}`])).toEqual([{ format: 'json', path }])
})

it.for([
  [['yaml=x'], 'UNKNOWN_FORMAT'],
  [['report.json'], 'UNKNOWN_FORMAT'],
  [['json'], 'OUTPUT_WITHOUT_PATH'],
  [['json='], 'OUTPUT_WITHOUT_PATH'],
  [[`json=${directory}`], 'OUTPUT_NOT_WRITABLE'],
  [[`json=${directory}/none/x`], 'OUTPUT_NOT_WRITABLE'],
  [[`json=${directory}/x`, `text=${directory}/./x`], 'OUTPUT_TWICE'],
] as const)('%j is refused before any work: %s', ([values, code]) => {
  expect(() => parseOutputs(values)).toThrow(expect.objectContaining({ kind: 'usage', code }))
})

it('takes a format only from a command that offers it', () => {
  const path = join(directory, 'x.xml')
  expect(() => parseOutputs([`junit=${path}`])).toThrow('it knows text, json.')
  expect(parseOutputs([`junit=${path}`], ['text', 'json', 'junit'])).toEqual([{ format: 'junit', path }])
})
