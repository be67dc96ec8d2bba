import ts from 'typescript'
import type { ClientSettings } from '../../recognise/client-settings.js'
import type { Construction } from '../../recognise/clients.js'
import type { Violation } from '../../rule.js'

const REMEDY =
  'Set `disableOfflineQueue: true` and `socket: { connectTimeout, socketTimeout }`, and put a deadline around each call.'

/** Commands on this connection queue without end, or wait without end once sent; undefined when something bounds them. */
export function unboundedNodeRedis(
  { node }: Construction,
  { values, isOpen }: ClientSettings,
): Violation | undefined {
  if (isOpen || ['socketTimeout', 'commandOptions'].some((name) => values.has(name))) return undefined
  const queue = values.get('disableOfflineQueue')
  if (queue?.kind === ts.SyntaxKind.TrueKeyword) {
    const isHere = queue.getSourceFile() === node.getSourceFile()
    return {
      node: isHere ? queue.parent : node,
      message:
        'Worst-case time to fallback: never while Redis accepts and does not answer, because socketTimeout is not set; when it refuses, commands fail at once.',
      remedy: REMEDY,
      ...(isHere && { related: [{ node, what: 'the connection' }] }),
    }
  }
  if (['reconnectStrategy', 'commandsQueueMaxLength'].some((name) => values.has(name))) return undefined
  return {
    node,
    message:
      'Worst-case time to fallback: never. Commands wait in the offline queue until Redis is back, and so does every request that reads the cache.',
    remedy: REMEDY,
  }
}
