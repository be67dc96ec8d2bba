import type { LoadMoments } from '../report/load-report.js'
import type { LoadRun } from './load-run.js'
import { couldRecover } from './moments.js'
import type { Observed } from './slo/observed.js'
import { isPhase } from './slo/within.js'

/** A run as its SLOs look at it. */
export function observe(run: LoadRun, moments: LoadMoments | null): Observed {
  const { windows, seconds } = run
  return {
    window: (name) => (moments === null && !isPhase(name) ? null : windows[name]),
    seconds: (name) =>
      seconds
        .filter(({ phase }) => phase === name)
        .map(({ window }) => ({
          endMs: window.fromMs + window.durationMs - windows[name].fromMs,
          window,
        })),
    moments,
    unseen: {
      ...(run.hitsUnseen && { hits: 'nobody knows which answers come from its cache' }),
      ...(run.loadsUnseen && { loads: 'nobody counts how often it asks its source' }),
      ...(windows.before.rssMaxBytes === null && { processes: 'its processes are not ours' }),
      ...(windows.before.printedBytes === null &&
        run.firstSign === null && { signs: 'nobody reads what it logs, or its status' }),
      ...(!couldRecover(run) && { recovery: 'after has no whole second that could be well' }),
    },
  }
}
