import { expect, test } from 'vitest'
import { replyBeginning } from '../../../src/library/backends/reply-beginning.js'

test.each([
  ['ERR no', 'ERR no'],
  ['ERR not for you', 'ERR not for …'],
  ['ERR token s3cr3t-and-long', 'ERR token …'],
  ['s3cr3t-and-nothing-else', ' …'],
])('%s', (reply, shown) => {
  expect(replyBeginning(reply, 14)).toBe(shown)
})
