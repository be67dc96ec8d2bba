import { addWindow } from './count.js'
import { createWindow, type Window, type WindowName } from './window.js'

type StageName = Exclude<WindowName, 'during' | 'after'>

/** The stretches of a run that follow one another without a gap; the others are two of these together. */
export interface Stages {
  /** Null before the run and after it. */
  at(atMs: number): Window | null
  /** Gives each stage what lies in it of a stretch that ends now, as its share. */
  share(fromMs: number, toMs: number, give: (window: Window, share: number) => void): void
  begin(name: 'onset' | 'recovery', atMs: number, lastsMs: number): void
  end(atMs: number): void
  /** Nothing may be counted afterwards. */
  windows(): Record<WindowName, Window>
}

export function createStages(): Stages {
  const stages: { name: StageName; window: Window }[] = [{ name: 'before', window: createWindow(0) }]
  let endMs = Infinity
  const endOf = (index: number) => Math.min(stages[index + 1]?.window.fromMs ?? endMs, endMs)

  return {
    at: (atMs) => {
      if (atMs >= endMs) return null
      return stages.findLast(({ window }) => window.fromMs <= atMs)?.window ?? null
    },
    share: (fromMs, toMs, give) => {
      for (const [index, { window }] of stages.entries()) {
        const withinMs = Math.min(toMs, endOf(index)) - Math.max(fromMs, window.fromMs)
        if (withinMs > 0) give(window, withinMs / (toMs - fromMs))
      }
    },
    begin: (name, atMs, lastsMs) => {
      // What was to come by the clock does not any more.
      for (const { window } of stages) window.fromMs = Math.min(window.fromMs, atMs)
      stages.push({ name, window: createWindow(atMs) })
      stages.push({
        name: name === 'onset' ? 'settled' : 'recovered',
        window: createWindow(atMs + lastsMs),
      })
    },
    end: (atMs) => {
      endMs = Math.max(0, atMs)
      for (const { window } of stages) window.fromMs = Math.min(window.fromMs, endMs)
    },
    windows: () => {
      for (const [index, { window }] of stages.entries()) {
        window.durationMs = endOf(index) - window.fromMs
        if (window.printedBytes !== null) window.printedBytes = Math.round(window.printedBytes)
      }
      const found = (name: StageName) =>
        stages.find((stage) => stage.name === name)?.window ?? createWindow(endMs)
      const [before, onset, settled] = [found('before'), found('onset'), found('settled')]
      const [recovery, recovered] = [found('recovery'), found('recovered')]
      return {
        before,
        during: together(onset, settled),
        after: together(recovery, recovered),
        onset,
        settled,
        recovery,
        recovered,
      }
    },
  }
}

function together(first: Window, second: Window): Window {
  const whole = createWindow(first.fromMs)
  addWindow(whole, first)
  addWindow(whole, second)
  return whole
}
