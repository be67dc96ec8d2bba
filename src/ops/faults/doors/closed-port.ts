import { isRefused } from './listener.js'

const PROBE_EVERY_MS = 500

interface Outcomes {
  connectsRefused: number
  connectsNotRefused: number
}

/** Looks again and again whether a port that should be closed is: who is refused by the kernel cannot be counted. */
export class ClosedPort {
  readonly #counts: Outcomes
  #timer: NodeJS.Timeout | undefined
  #last: Promise<void> = Promise.resolve()

  constructor(counts: Outcomes) {
    this.#counts = counts
  }

  async watch(host: string, port: number): Promise<void> {
    await this.look(host, port)
    this.#timer = setInterval(() => void this.look(host, port), PROBE_EVERY_MS).unref()
  }

  look(host: string, port: number): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (await isRefused(host, port)) this.#counts.connectsRefused++
      else this.#counts.connectsNotRefused++
    })
    return this.#last
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
