import type { Command, OperatorClient } from '../../../library/backends/operator.js'
import { encode } from '../encode.js'

/**
 * The replies in order, texts of keys and values as Buffers; where the server refused a command its OperatorError stands.
 *
 * @throws OperatorError when the connection failed
 */
export function askAll(client: OperatorClient, commands: readonly Command[]): Promise<unknown[]> {
  return client.exchange ? client.exchange(encode(commands), commands.length) : client.pipelineBytes(commands)
}
