import { fileURLToPath } from 'node:url'
import { Config, settings } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'
import { asksForJson } from './asks-for-json.js'
import { watchForCrash } from './crash.js'
import { takeDotEnv } from './dot-env.js'
import { EXIT } from './exit-codes.js'
import { guardConsole, guardStreams, guardWarnings } from './guarded-streams.js'
import { showHelp } from './help.js'
import { nearest } from '../ops/report/nearest.js'
import { createRedactor } from './redactor.js'
import { resolveCommand } from './resolve-command.js'

// What a command left open may end by itself; afterwards it only keeps a CI job waiting.
const lingerMs = 2000

/** Runs one command line. `root` is the package's directory; sets `process.exitCode` and never throws. */
export async function runCommandLine(argv: string[], root: URL): Promise<void> {
  takeDotEnv()
  guardStreams(createRedactor())
  guardWarnings()
  guardConsole()
  const crash = watchForCrash(argv)
  // Otherwise oclif looks for sources beside the bundle, and for a compiler.
  settings.enableAutoTranspile = false
  try {
    const config = await Config.load({ root: fileURLToPath(root) })
    const { id, rest, help, implied } = resolveCommand(argv, config)
    const command = id === undefined ? undefined : config.findCommand(id)
    if (help || argv.length === 0) {
      if (id === undefined && rest.length > 0) throw unknownCommand(rest, config)
      if (id !== undefined && implied && asksForJson(argv)) throw noCommand(id, config)
      await showHelp(id, config)
      process.exitCode = EXIT.pass
    } else if (command === undefined) {
      throw unknownCommand(rest, config)
    } else {
      crash.command = command.id.replaceAll(':', ' ')
      await (await command.load()).run(rest, config)
    }
  } catch (error) {
    crash.conclude(error)
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}

/** A document is one of a command's; help is text. */
function noCommand(topic: string, config: Config): UsageError {
  const spelt = (id: string) => `${config.bin} ${id.replaceAll(':', ' ')}`
  const below = config.commands.filter(({ hidden, id }) => !hidden && id.startsWith(`${topic}:`))
  return new UsageError(
    'MISSING_COMMAND',
    `${spelt(topic)} is no command by itself.`,
    below.map(({ id }) => spelt(id)),
  )
}

function unknownCommand(words: string[], config: Config): UsageError {
  const named = words.filter((word) => !word.startsWith('-'))
  // Behind a topic, which is known, it is the next word that nobody knows.
  const last = named.findIndex((_, index) => !config.findTopic(named.slice(0, index + 1).join(':')))
  const wanted = named.slice(0, last === -1 ? undefined : last + 1).join(' ') || (words[0] ?? '')
  const known = config.commands
    .filter((command) => !command.hidden)
    .map((command) => command.id.replaceAll(':', ' '))
  const meant = nearest(wanted, known)
  const suggestions = meant === undefined ? [] : [`${config.bin} ${meant}`]
  return new UsageError('UNKNOWN_COMMAND', `There is no command '${wanted}'.`, suggestions)
}
