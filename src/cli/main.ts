import { forgetClosedTerminal } from './closed-terminal.js'
import { answerSignals } from './early-signals.js'
import { endWithoutTidying } from './end-of-process.js'

/** Runs one command line. `root` is the package's directory; sets `process.exitCode` and never throws. */
export async function run(argv: string[], root: URL): Promise<void> {
  // Before everything else is loaded, which takes longer than people and supervisors wait.
  answerSignals(argv)
  forgetClosedTerminal()
  const { runCommandLine } = await import('./run.js')
  await runCommandLine(argv, root)
  endWithoutTidying()
}
