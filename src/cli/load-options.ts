import type { LoadedConfig } from '../ops/config/load.js'
import { UsageError } from '../ops/report/errors.js'

/** Of an app, which does more for each than a cache does. */
const RATE_OF_APP = 50

/** The settings as the engine takes them. */
export function loadOptionsOf({ settings, origins }: LoadedConfig, { isApp }: { isApp: boolean }) {
  const { load } = settings
  const { limiter, source } = load.traffic
  return {
    subject: load.subject,
    fault: load.fault,
    seed: load.seed,
    ratePerSecond: isApp && origins['load.rate'] === 'default' ? RATE_OF_APP : load.rate,
    arrivals: load.arrivals,
    beforeMs: load.before,
    duringMs: load.during,
    afterMs: load.after,
    transitionMs: load.transition,
    limiter: limiter.share === 0 ? null : limiter,
    source: { latencyMs: source.latency, connections: source.connections },
    maxLatenessMs: load.lateness,
    repeat: load.repeat,
    quorum: quorumOf(load),
  }
}

function quorumOf({
  repeat,
  quorum = Math.floor(repeat / 2) + 1,
}: {
  repeat: number
  quorum?: number | undefined
}) {
  if (quorum <= repeat) return quorum
  throw new UsageError(
    'QUORUM_TOO_LARGE',
    `--quorum ${quorum}: an SLO cannot hold in ${quorum} of ${repeat === 1 ? 'one run' : `${repeat} runs`}.`,
    [`--repeat ${quorum}`],
  )
}
