import type { Argument, Command } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import type { KeyReader } from './key-sample.js'
import type { UpstashLink } from './upstash-link.js'

/** The keys behind a REST endpoint, as a Redis server would tell of them. */
export function upstashKeys(upstash: UpstashLink): KeyReader {
  const ask = async (commands: readonly Command[]): Promise<unknown[]> => {
    const sent = commands.filter((command) => command.every(isSendable))
    const replies = sent.length === 0 ? [] : await upstash.pipeline(sent.map((words) => words.map(asWord)))
    const replyTo = new Map(sent.map((command, index) => [command, replies[index]!]))
    return commands.map((command) => {
      const reply = replyTo.get(command)
      if (!reply)
        return new OperatorError('NOT_TEXT', 'A key is no text, and over REST nothing else is asked.')
      return reply.refusal === null ? reply.result : refused(reply.refusal)
    })
  }
  return {
    exchange: null,
    async sendBytes(...command) {
      const [reply] = await ask([command])
      if (reply instanceof OperatorError) throw reply
      return reply
    },
    async pipeline(commands) {
      return (await ask(commands)).map((reply) => (Buffer.isBuffer(reply) ? reply.toString() : reply))
    },
  }
}

/** JSON has no bytes, and what is no UTF-8 would name another key. */
function isSendable(word: Argument): boolean {
  return !Buffer.isBuffer(word) || Buffer.from(word.toString()).equals(word)
}

function asWord(word: Argument): string | number {
  return Buffer.isBuffer(word) ? word.toString() : word
}

function refused(reply: string): OperatorError {
  const code = /^[A-Z]+/.exec(reply)?.[0] ?? 'ERR'
  return new OperatorError(code, `the REST endpoint answered: ${reply}`, { reply })
}
