import { createTcpDoor } from '../src/ops/faults/doors/tcp.js'
import { startSandbox } from '../src/ops/sandbox/start-sandbox.js'
import type { OutageFigures } from './cache-host/questions.js'
import { FOR_OUTAGES } from './cache-peers/index.js'
import type { CachePeer } from './cache-peers/cache-peer.js'
import { HostProcess } from './host-process.js'
import { cellOf, lostTo, type Cell, type Run } from './peer-cell.js'
import { PEER_FAULTS, type PeerFault } from './peer-faults.js'
import { quantile, readable } from './statistics.js'
import { printTable, promise } from './table.js'

const REPEATS = 3
/** Ends while a door that flaps is shut, so that the heal is one. */
const FAULT_MS = 4100

type Server = { host: string; port: number; url: string }

/**
 * Every fault for every peer: what its callers wait, and what it serves afterwards. `BENCH_FAULTS=kill,stop` chooses.
 */
export async function benchPeers(): Promise<void> {
  const only = process.env['BENCH_FAULTS']?.split(',')
  const sandbox = await startSandbox()
  try {
    for (const fault of PEER_FAULTS) {
      if (only && !only.includes(fault.name)) continue
      const runs: Run[][] = []
      for (let repeat = 0; repeat < REPEATS; repeat++)
        runs.push(await runColumn(sandbox.redis, fault, repeat))
      const cells = FOR_OUTAGES.map(({ name }, index) =>
        cellOf(
          name,
          runs.map((column) => column[index]!),
        ),
      )
      printColumn(fault, cells)
      keepPromises(fault, cells)
    }
  } finally {
    await sandbox.stop()
  }
}

/** All peers meet the fault at the same time, each behind a door of its own. */
async function runColumn(server: Server, fault: PeerFault, repeat: number): Promise<Run[]> {
  const hosts = FOR_OUTAGES.map((peer) => new HostProcess(peer))
  try {
    await Promise.all(hosts.map(({ ready }) => ready))
    return await Promise.all(
      FOR_OUTAGES.map((peer, index) => {
        const prefix = `${fault.name}:${repeat}:${index}`
        return runCell(server, fault, { peer, host: hosts[index]!, prefix })
      }),
    )
  } finally {
    for (const host of hosts) host.kill()
  }
}

async function runCell(
  server: Server,
  fault: PeerFault,
  { host, prefix }: { peer: CachePeer; host: HostProcess; prefix: string },
): Promise<Run> {
  const door = await createTcpDoor({ upstream: server })
  const url = `redis://${door.host}:${door.port}`
  try {
    if (fault.beforeStart) await fault.apply(door)
    await host.ask({ ask: 'outage-open', url, serverUrl: server.url, prefix })
    if (!fault.beforeStart) {
      await host.ask({ ask: 'outage-warm' })
      await fault.apply(door)
    }
    await host.ask({ ask: 'outage-load', ms: FAULT_MS })
    await door.open()
    const healedAt = String(process.hrtime.bigint())
    const figures = await host.ask<OutageFigures>({ ask: 'outage-end', healedAt })
    const waits = figures.readMs.map((ms) => ms ?? Infinity)
    return {
      p50: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      max: Math.max(...waits),
      recovery: figures.recoveryMs ?? Infinity,
      thrown: figures.thrownShare,
      stale: figures.stale,
      staleForOthers: figures.staleForOthers,
    }
  } finally {
    await door.close()
  }
}

function printColumn(fault: PeerFault, cells: readonly Cell[]): void {
  const spread = (numbers: readonly number[]) =>
    `${readable(quantile(numbers, 0.5))} (${readable(Math.min(...numbers))}–${readable(Math.max(...numbers))})`
  printTable([
    [
      `${fault.name}: ${fault.what}`,
      'get p50',
      'p99',
      'max',
      'thrown',
      'back after',
      'stale of 40',
      'in others',
    ],
    ...cells.map(({ name, p50, p99, max, recovery, thrown, stale, staleForOthers }) => [
      name,
      readable(p50.median),
      readable(p99.median),
      readable(max.median),
      `${Math.round(thrown * 100)} %`,
      spread(recovery.all),
      String(stale),
      String(staleForOthers),
    ]),
  ])
}

function keepPromises(fault: PeerFault, [ours, ...peers]: readonly Cell[]): void {
  const { stale, staleForOthers } = ours!
  promise(
    `${fault.name}: nothing stale`,
    `${stale} and ${staleForOthers} of 40`,
    stale + staleForOthers === 0,
  )
  const losses = peers.flatMap((peer) => lostTo(ours!, peer))
  const what = losses.length === 0 ? 'none' : losses.join('; ')
  promise(`${fault.name}: no peer as correct is better at anything`, what, losses.length === 0)
}
