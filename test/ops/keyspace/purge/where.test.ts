import { expect, test } from 'vitest'
import { families } from '../../../../src/library/families/families.js'
import { parseWhere } from '../../../../src/ops/keyspace/purge/where.js'

test.each(['tenantId=t:42', 'tenant=t:42'])('%s narrows a family to one tenant', (text) => {
  expect(parseWhere([text, 'no-ttl'], families.llmPolicy)).toEqual({
    noTtl: true,
    parameters: new Map([['tenantId', 't:42']]),
  })
})

test.each([
  ['conversationID=c1', '--where conversationId=VALUE'],
  ['no-tll', '--where no-ttl'],
  ['colour=c1', '--where no-ttl'],
])('%s is refused, with what was meant', (text, suggestion) => {
  expect(() => parseWhere([text], families.conversation)).toThrow(
    expect.objectContaining({
      code: 'BAD_WHERE',
      suggestions: expect.arrayContaining([suggestion]) as unknown,
    }),
  )
})

test('two spellings of one parameter are one parameter', () => {
  expect(() => parseWhere(['tenantId=a', 'tenant=b'], families.llmPolicy)).toThrow(/two values of tenantId/)
})
