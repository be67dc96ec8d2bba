import type { HostProcess } from './host-process.js'
import type { Limiting } from './limiting.js'
import type { Sight } from './lookout.js'
import type { Instance, Measurement, OperationRecord, PhaseName, Signal, Vitals } from './measurement.js'
import type { Traits } from './messages.js'
import type { SourceOfTruth } from './source-of-truth.js'

/** The limits of the phases, in milliseconds since the first instant of `before`. */
export interface Times {
  faultAtMs: number
  healAtMs: number
  endMs: number
}

/** What the hosts report, as it comes in: what they told before they died is not lost. */
export interface Recording {
  /** Answers the host's questions to the source and keeps what it reports. */
  follow(host: HostProcess): void
  /** What came in of the process that meets the fault since this was last asked. */
  sight(): Sight
  /** Everything so far, in order of time, each operation in the phase in which it was due. */
  result(
    times: Times,
  ): Pick<
    Measurement,
    | 'operations'
    | 'writes'
    | 'loads'
    | 'signals'
    | 'signalsDropped'
    | 'vitals'
    | 'instances'
    | 'limiting'
    | 'limiterAlone'
    | 'clients'
    | 'ttlLeftOut'
  >
}

export function createRecording(source: SourceOfTruth): Recording {
  const operations: OperationRecord[] = []
  const signals: Signal[] = []
  const vitals: Vitals[] = []
  const instances: Instance[] = []
  let signalsDropped = 0
  let seen = 0
  let limiting: Limiting | undefined
  let traits: Traits | undefined

  const keep = (records: OperationRecord[]) => {
    for (const record of records) {
      operations.push(record)
      const acknowledged = record.kind !== 'read' && record.error === null && record.endMs !== null
      if (acknowledged && record.version !== null)
        source.acknowledge(record.key, record.version, record.endMs as number)
    }
  }

  return {
    follow: (host) => {
      host.onMessage((message) => {
        switch (message.type) {
          case 'load':
          case 'commit':
            void source[message.type](message.key, host.name).then((version) =>
              host.send({ type: 'version', id: message.id, version }),
            )
            return
          case 'operations':
            return keep(message.records)
          case 'signals':
            // C10 is about the process that meets the fault.
            if (host.name === 'main') signals.push(...message.signals)
            if (host.name === 'main') signalsDropped += message.dropped
            return
          case 'limiters':
            limiting = { limiters: message.limiters, checks: [] }
            return
          case 'checks':
            limiting?.checks.push(...message.records)
            return
          case 'vitals':
            vitals.push(...message.records)
            return
          case 'instance':
            instances.push(message.instance)
            return
          case 'prepared':
            if (host.name === 'main') traits = message.traits
            return
          case 'forked':
          case 'reaped':
          case 'warmed':
          case 'finished':
            // Whoever asked is waiting for these, or watches them.
            return
        }
      })
    },
    sight: () => {
      const settled = operations.slice(seen).filter(({ process }) => process === 'main')
      seen = operations.length
      return { settled, vitals: vitals.at(-1) ?? null }
    },
    result: (times) => ({
      operations: operations
        .map((record) => ({ ...record, phase: phaseAt(record.dueMs, times) }))
        .sort((left, right) => left.startMs - right.startMs),
      writes: source.writes,
      loads: source.loads,
      signals,
      signalsDropped,
      vitals,
      instances,
      ...traits,
      ...(limiting && {
        limiting: { ...limiting, checks: limiting.checks.toSorted((a, b) => a.startMs - b.startMs) },
      }),
    }),
  }
}

export function phaseAt(atMs: number, times: Times): PhaseName {
  if (atMs < times.faultAtMs) return 'before'
  return atMs < times.healAtMs ? 'during' : 'after'
}
