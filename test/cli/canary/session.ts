import { LineRunner, type Ended } from './line-runner.js'
import type { Line } from './lines.js'
import type { Place } from './place.js'
import { leakIn } from './secrets.js'

let count = 0

/** Command lines under one environment, and what was wrong with what they said. */
export class Session {
  readonly #runner: LineRunner
  readonly #place: Place
  /** Secrets that were seen, ends that were not expected. */
  readonly wrong: string[] = []
  /** Everything that each command has said. */
  readonly said = new Map<string, string>()

  constructor(place: Place, env: Record<string, string>) {
    this.#place = place
    this.#runner = new LineRunner(env)
  }

  /** @param allowed exit codes; a bug of ours never is */
  async run({ id, words }: Line, allowed: readonly number[], cwd = this.#place.project): Promise<Ended> {
    const undo = this.#place.files.undo
    const argv = words.map((word) => word.replace('{n}', String(++count)).replace('{undo}', undo))
    const ended = await this.#runner.run(argv, cwd)
    const { code, stdout, stderr } = ended
    const line = argv.join(' ')
    for (const [stream, text] of Object.entries({ stdout, stderr })) {
      const leak = leakIn(text)
      if (leak !== null) this.wrong.push(`a secret on ${stream} of ${line}: ${leak}`)
    }
    if (code === null || !allowed.includes(code))
      this.wrong.push(`exit ${code} of ${line}: ${stderr || stdout}`)
    this.said.set(id, `${this.said.get(id) ?? ''}${stdout}${stderr}`)
    return ended
  }

  end(): Promise<void> {
    return this.#runner.end()
  }
}
