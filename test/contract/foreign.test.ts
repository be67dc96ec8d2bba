import { expect, test } from 'vitest'
import { judge } from './judge.js'
import { mapBackend } from './map.js'

const entries = new Map<string, { text: string; endsAt: number }>()

const { exempt } = judge({
  create: () => mapBackend(entries),
  exempt: { scripts: 'a Map runs no scripts', close: 'a Map has nothing to close' },
})

test('only what needs scripts or an end is exempt', () => {
  expect(Object.fromEntries(exempt)).toEqual({
    'a Map runs no scripts': 7,
    'a Map has nothing to close': 2,
  })
})
