import { adoptDotEnv } from '../ops/config/dot-env.js'

const adopted = new Set<string>()

/** Before anything reads the environment, the redactor included. */
export function takeDotEnv(): void {
  try {
    for (const name of adoptDotEnv(process.env, process.cwd())) adopted.add(name)
  } catch {
    // The working directory is gone; whoever needs it says so.
  }
}

/** Variables that `.env` has set, and nobody else. */
export function fromDotEnv(): ReadonlySet<string> {
  return adopted
}
