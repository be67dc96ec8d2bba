import type { Command } from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import type { RedisLink } from './redis-link.js'
import { RestError } from './rest-error.js'
import { restReply, type Encoding } from './rest-reply.js'
import type { RestCommand, RestRequest } from './rest-request.js'
import type { ScriptNames } from './script-names.js'
import { unsupportedFeature } from './unsupported.js'

type Answer = { result: unknown } | { error: string }

export interface Backing {
  link: RedisLink
  scripts: ScriptNames
}

/**
 * Has Redis run a request.
 *
 * @returns what stands in the body of a 200
 * @throws RestError for everything else
 */
export async function runRequest(
  request: RestRequest,
  encoding: Encoding,
  { link, scripts }: Backing,
): Promise<Answer | Answer[]> {
  const answerTo = (command: RestCommand, reply: unknown): Answer =>
    reply instanceof OperatorError
      ? { error: wordsOf(reply) }
      : { result: restReply(scripts.loaded(command) ?? reply, encoding) }
  const ready = (command: RestCommand): Command => upperCased(scripts.translate(command))

  if (request.kind === 'command') {
    const { command } = request
    const feature = unsupportedFeature(command)
    if (feature !== null) throw notEmulated(command, feature)
    try {
      return answerTo(command, await link.send(ready(command)))
    } catch (error) {
      if (error instanceof OperatorError) throw new RestError(400, wordsOf(error))
      throw error
    }
  }

  const { commands } = request
  for (const command of commands) {
    const feature = unsupportedFeature(command)
    if (feature !== null) throw notEmulated(command, feature)
  }
  if (request.kind === 'pipeline') {
    const replies = await link.pipeline(commands.map(ready))
    return commands.map((command, index) => answerTo(command, replies[index]))
  }
  const replies = await link.pipeline([['MULTI'], ...commands.map(ready), ['EXEC']])
  const executed = replies.at(-1)
  if (executed instanceof OperatorError) throw new RestError(400, wordsOf(executed))
  const results = Array.isArray(executed) ? (executed as unknown[]) : []
  return commands.map((command, index) => {
    const reply = results[index]
    // Inside the reply of EXEC the refusals of commands are bare.
    return reply instanceof Error ? { error: reply.message } : answerTo(command, reply)
  })
}

/** In capitals the client below hands over replies as they came; in small letters it makes objects of some. */
function upperCased([name, ...args]: RestCommand): Command {
  return [name.toUpperCase(), ...args]
}

function wordsOf(error: OperatorError): string {
  return error.reply ?? error.message
}

function notEmulated([name]: RestCommand, feature: string): RestError {
  const shown = /^[\w.|-]{1,40}$/.test(name) ? name.toUpperCase() : 'this command'
  return new RestError(501, `ERR the emulated endpoint does not support ${feature}: ${shown}`)
}
