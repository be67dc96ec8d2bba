import { formatCount } from '../../ops/report/format.js'

/** `about 4,600 commands, which Upstash counts one by one`. */
export function describeCost({ commands }: { commands: number }): string {
  return `this pass sends about ${formatCount(commands)} commands, which Upstash counts one by one`
}

/** `scanning: 120,000 of about 1,000,000 keys, 480,000/s, 2 s left`. */
export function describeProgress(event: {
  phase: string
  done: number
  of: number
  perSecond: number
}): string {
  const { phase, done, of, perSecond } = event
  const left = of > done && perSecond > 0 ? `, ${Math.ceil((of - done) / perSecond)} s left` : ''
  return `${phase}: ${formatCount(done)} of about ${formatCount(of)} keys, ${formatCount(perSecond)}/s${left}`
}
