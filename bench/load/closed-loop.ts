import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** As many benchmarks do it: one request after the other, at most so many per second, each timed from when it was sent. In ms. */
export async function closedLoop(origin: string, ratePerSecond: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const waits: number[] = []
  const startMs = performance.now()
  const endMs = startMs + seconds * 1000
  for (
    let nextMs = startMs;
    nextMs < endMs;
    nextMs = Math.max(nextMs + 1000 / ratePerSecond, performance.now())
  ) {
    const early = nextMs - performance.now()
    if (early > 0) await sleep(early)
    const sentMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      get(origin, { agent }, (response) => response.resume().once('end', resolve)).once('error', reject)
    })
    waits.push(performance.now() - sentMs)
  }
  agent.destroy()
  return waits
}
