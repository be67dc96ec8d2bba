import { setImmediate as anotherTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turns } from '../../../src/ops/sandbox/supabase/turns.js'

test('one after the other, in the order in which they asked', async () => {
  const turn = turns()
  const log: string[] = []
  const visit = async (name: string) => {
    const done = await turn()
    log.push(`${name} in`)
    await anotherTurn()
    log.push(`${name} out`)
    done()
    // Saying it twice lets nobody in beside somebody else.
    done()
  }
  await Promise.all(['a', 'b', 'c'].map(visit))
  await visit('d')
  expect(log).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => [`${name} in`, `${name} out`]))
})
