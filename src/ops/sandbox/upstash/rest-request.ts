import { RestError } from './rest-error.js'

/** A command as Redis takes it: its name, which is text, and its arguments. */
export type RestCommand = readonly [name: string, ...args: (string | Buffer)[]]

/** What a client asks for, once its HTTP is taken off. */
export type RestRequest =
  { kind: 'command'; command: RestCommand } | { kind: 'pipeline' | 'transaction'; commands: RestCommand[] }

/** More than this is a mistake, or worse. */
const MAX_ARGUMENTS = 100_000
const MAX_COMMANDS = 10_000

/**
 * Reads a request: a JSON array at `/`, an array of arrays at `/pipeline` and `/multi-exec`, else a command in the path,
 * to which the body, and then the query, is added.
 *
 * @param target path and query as they were sent
 * @throws RestError 400
 */
export function readRestRequest(target: string, body: Buffer): RestRequest {
  const [path = '', query = ''] = splitOnce(target, '?')
  const segments = path.split('/').slice(1).map(decoded)
  if (segments.length === 1 && segments[0] === '') return { kind: 'command', command: command(json(body)) }
  if (segments.length === 1 && (segments[0] === 'pipeline' || segments[0] === 'multi-exec')) {
    const commands = json(body)
    if (!Array.isArray(commands) || commands.length === 0)
      throw new RestError(400, 'ERR the body of this path is a JSON array of commands')
    if (commands.length > MAX_COMMANDS) throw new RestError(400, `ERR more than ${MAX_COMMANDS} commands`)
    return {
      kind: segments[0] === 'pipeline' ? 'pipeline' : 'transaction',
      commands: commands.map((each) => command(each)),
    }
  }
  const parameters = [...new URLSearchParams(query)].filter(([name]) => name !== '_token').flat()
  const [name = '', ...args] = segments
  if (name === '') throw new RestError(400, 'ERR empty command')
  const words = [...args, ...(body.length > 0 ? [body] : []), ...parameters.filter((word) => word !== '')]
  return { kind: 'command', command: [name, ...words] }
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new RestError(400, 'ERR failed to parse the body as JSON')
  }
}

function command(value: unknown): RestCommand {
  if (!Array.isArray(value) || value.length === 0) throw new RestError(400, 'ERR empty command')
  if (value.length > MAX_ARGUMENTS) throw new RestError(400, `ERR more than ${MAX_ARGUMENTS} arguments`)
  const [name = '', ...args] = value.map(word)
  if (name === '') throw new RestError(400, 'ERR empty command')
  return [name, ...args]
}

function word(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new RestError(400, 'ERR an argument is neither a string nor a number')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RestError(400, 'ERR the path is not URL-encoded')
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
