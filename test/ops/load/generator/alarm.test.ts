import { expect, test } from 'vitest'
import { createAlarm, type Alarm } from '../../../../src/ops/load/generator/alarm.js'

const rung = (alarm: Alarm, inMs: number) => new Promise<void>((resolve) => alarm.set(inMs, resolve))

test('rings after the time and never before, at once for nothing, and only for the last order', async () => {
  const alarm = createAlarm()
  try {
    const startMs = performance.now()
    await rung(alarm, 20)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(20)

    const order: string[] = []
    alarm.set(1, () => order.push('replaced'))
    await new Promise<void>((resolve) => {
      alarm.set(3, () => {
        order.push('last')
        resolve()
      })
    })
    await rung(alarm, 3)
    expect(order).toEqual(['last'])

    // Each turn of the event loop may find an order that the thread has just carried out.
    let count = 0
    await new Promise<void>((resolve) => {
      const again = () => {
        count += 1
        if (count === 3000) return resolve()
        if (count % 3 === 0) alarm.set(0.2, () => order.push('replaced'))
        alarm.set(count % 2 === 0 ? 0 : 0.2, again)
      }
      again()
    })
    await rung(alarm, 1)
    expect(order).toEqual(['last'])
  } finally {
    alarm.stop()
  }
})
