import type { OperatorClient } from '../../library/backends/operator.js'
import { isRefusal } from './refusal.js'

/** A setting as CONFIG GET tells it; null when the server knows none of the name. @throws OperatorError when it does not allow it */
export async function settingOf(client: OperatorClient, name: string): Promise<string | null> {
  // Which is an array or a map, as the protocol's version has it.
  const reply = await client.send('CONFIG', 'GET', name)
  const value: unknown = Array.isArray(reply) ? reply[1] : (reply as Record<string, unknown> | null)?.[name]
  return typeof value === 'string' ? value : null
}

/** The same for who can judge without it: null also where the server does not allow it. */
export async function settingIfTold(client: OperatorClient, name: string): Promise<string | null> {
  try {
    return await settingOf(client, name)
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}
