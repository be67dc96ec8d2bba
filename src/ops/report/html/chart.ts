/** How a value is written, and drawn: `time` in milliseconds, `bytes` in bytes. */
export type Unit = 'time' | 'count' | 'perSecond' | 'bytes' | 'share'

/**
 * One curve, a value for each step of its chart; null where there is none. Nothing but its name tells a reader what it is;
 * dashes and patterns tell it from its neighbours for who sees no colour.
 */
export interface Curve {
  name: string
  values: (number | null)[]
  look: Look
}

/** `a` and `b` are the two runs of a comparison: solid and dashed. */
export type Look = 'main' | 'second' | 'third' | 'good' | 'calm' | 'care' | 'bad' | 'lost' | 'a' | 'b'

export interface Chart {
  title: string
  /** What the curves say, in a sentence or two: all that somebody gets who does not see them. */
  says: string
  unit: Unit
  /** Curves over each other from nought, or their values on top of one another. */
  kind: 'lines' | 'stack'
  /** When each step begins, and where the last one ends; in milliseconds from the first instant of `before`. */
  atMs: number[]
  endMs: number
  curves: Curve[]
  /** Where the fault was. Absent: there was none. */
  fault?: { fromMs: number; toMs: number; name: string }
  /** Lines that a value is measured against, such as a budget. */
  limits: { name: string; value: number }[]
  /** How many were never answered, by step: marked above the curves. */
  unanswered?: number[]
}
