// A process of its own that puts load on a surface: on a subject that it makes itself, or on an app. It does what the engine's
// messages say and tells what came of it; see generator/messages.ts.
import { openChannel } from '../experiment/host/channel.js'
import { watchMetrics, type MetricWatch } from '../experiment/host/metrics.js'
import { problemIn } from '../experiment/host/problem.js'
import { createAlarm, type Alarm } from './generator/alarm.js'
import { nowMs } from './generator/clock.js'
import type { FromWorker, ToWorker } from './generator/messages.js'
import { performerFor } from './generator/performer-for.js'
import type { Performer } from './generator/performer.js'
import { startTraffic, type RunningTraffic } from './generator/running-traffic.js'
import type { Traffic } from './generator/traffic.js'

let prepared: { performer: Performer; traffic: Traffic; metrics: MetricWatch; alarm: Alarm } | undefined
let running: RunningTraffic | undefined

const { send } = openChannel<ToWorker, FromWorker>((message) => void handle(message))

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'prepare':
      return prepare(message)
    case 'warm': {
      const outcome = await prepared?.performer.warm(message.deadlineMs)
      return send({ type: 'warmed', ...(outcome ?? { settled: false, hitRatio: 0 }) })
    }
    case 'begin':
      if (prepared) running = startTraffic({ ...prepared, originMs: message.originMs }, send)
      return
    case 'fault':
      return running?.fault()
    case 'finish':
      await running?.finish(message.endMs ?? nowMs(), message.graceMs)
      return prepared?.performer.close()
  }
}

async function prepare({ surface, traffic }: Extract<ToWorker, { type: 'prepare' }>): Promise<void> {
  try {
    // Before the subject makes its instruments.
    const metrics = watchMetrics()
    const performer = await performerFor(surface, traffic)
    // Its thread takes a while to start.
    prepared = { performer, traffic, metrics, alarm: createAlarm() }
    send({ type: 'limiters', limiters: [...performer.limiters] })
    send({ type: 'prepared', problem: null })
  } catch (error) {
    send({ type: 'prepared', ...problemIn(error) })
  }
}
