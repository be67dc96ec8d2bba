import type { Script } from './script.js'

/** How a client has a script run. */
export interface ScriptRunner {
  byName(sha: string): Promise<unknown>
  byText(lua: string): Promise<unknown>
}

/**
 * Runs scripts by name once the server has been seen to run them, and by their text before. To try the name first would
 * cost an error and a second round trip each, for hundreds at once when what waited is delivered after an outage.
 */
export class KnownScripts {
  readonly #known = new Set<string>()

  async run({ sha, lua }: Script, runner: ScriptRunner): Promise<unknown> {
    if (this.#known.has(sha)) {
      try {
        return await runner.byName(sha)
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        this.#known.delete(sha)
      }
    }
    const reply = await runner.byText(lua)
    this.#known.add(sha)
    return reply
  }

  /** What answers next may be a server that knows none of them. */
  forget(): void {
    this.#known.clear()
  }
}
