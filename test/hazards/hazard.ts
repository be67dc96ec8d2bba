import { afterAll, beforeAll, expect, test } from 'vitest'
import { setLogger } from '../../src/library/index.js'
import { startSandbox, type Sandbox } from '../../src/ops/sandbox/start-sandbox.js'
import { openWorld, type World } from './world.js'

/** What a demand came to: whether the subject kept it, and what was seen, in words and figures. */
export interface Outcome {
  kept: boolean
  seen: string
}

export interface Subject {
  close(): unknown
}

/** One more process of the subject. @param url @default Redis behind the door */
export type Open<S> = (url?: string) => Promise<S>

interface Hazard<S extends Subject> {
  /** The library. */
  ours: (url: string) => S | Promise<S>
  /** What is usually written instead. */
  naive: (url: string) => S | Promise<S>
  /**
   * Brings the hazard about and says what became of it. It runs on both and must not know which; what it throws is a
   * fault of the test, never a failure of the subject.
   */
  demand: (open: Open<S>, world: World) => Promise<Outcome>
}

declare module 'vitest' {
  interface TaskMeta {
    hazard?: { id: string; title: string; ours: Outcome; naive: Outcome }
  }
}

let sandbox: Sandbox
beforeAll(async () => {
  // Outages are what happens here; nobody reads of them.
  setLogger(null)
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())

/** The library must keep the demand, and the naive way must not: else the demand proves nothing. */
export function hazard<S extends Subject>(
  id: string,
  title: string,
  { ours, naive, demand }: Hazard<S>,
): void {
  test(`${id} ${title}`, async ({ task }) => {
    const outcomes = { ours: await outcome(ours, demand), naive: await outcome(naive, demand) }
    task.meta.hazard = { id, title, ...outcomes }
    expect(outcomes.ours, `${id}, ours: ${outcomes.ours.seen}`).toMatchObject({ kept: true })
    expect(outcomes.naive, `${id}, naive: ${outcomes.naive.seen}`).toMatchObject({ kept: false })
  })
}

async function outcome<S extends Subject>(
  create: Hazard<S>['ours'],
  demand: Hazard<S>['demand'],
): Promise<Outcome> {
  const world = await openWorld(sandbox.redis)
  const opened: S[] = []
  try {
    return await demand(async (url = world.url) => {
      const subject = await create(url)
      opened.push(subject)
      return subject
    }, world)
  } finally {
    // Whatever still waits in a naive one ends here.
    await Promise.all(opened.map((subject) => subject.close()))
    await world.close()
  }
}
