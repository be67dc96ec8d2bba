import type { Argument, Command, OperatorClient } from '../../../library/backends/operator.js'

/**
 * The replies in order, texts of keys and values as Buffers; where the server refused a command its OperatorError stands.
 *
 * @throws OperatorError when the connection failed
 */
export function askAll(client: OperatorClient, commands: readonly Command[]): Promise<unknown[]> {
  if (!client.exchange) return client.pipelineBytes(commands)
  let text = ''
  for (const command of commands) {
    text += `*${command.length}\r\n`
    for (const word of command) text += bulk(word)
  }
  return client.exchange(Buffer.from(text, 'latin1'), commands.length)
}

/** One character of the text stands for one byte; what is no Buffer here is ASCII. */
function bulk(word: Argument): string {
  const bytes = Buffer.isBuffer(word) ? word.toString('latin1') : String(word)
  return `$${bytes.length}\r\n${bytes}\r\n`
}
