import { isIP } from 'node:net'
import type { OperatorClient } from '../../library/backends/operator.js'
import { settingOf } from './setting.js'

/** Whether an address or name is this machine itself. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Where a server listens. */
export interface Listening {
  where: 'this machine' | 'some addresses' | 'every address'
  /** Then it lets nobody in from elsewhere while its default user has no password. */
  protectedMode: boolean
}

/** @returns null when the server does not tell. @throws OperatorError when it may not be asked */
export async function listening(client: OperatorClient): Promise<Listening | null> {
  const bind = await settingOf(client, 'bind')
  const mode = await settingOf(client, 'protected-mode')
  if (bind === null || mode === null) return null
  // A leading minus means: if there is such an address.
  const addresses = bind.split(/\s+/).map((address) => address.replace(/^-/, ''))
  const everywhere = addresses.some((address) => ['', '*', '0.0.0.0', '::', '::*'].includes(address))
  const where = everywhere
    ? 'every address'
    : addresses.every(isThisMachine)
      ? 'this machine'
      : 'some addresses'
  return { where, protectedMode: mode === 'yes' }
}

/** Whether nobody gets in from another machine. @throws OperatorError when where it listens may not be asked */
export async function keepsOthersOut(client: OperatorClient): Promise<boolean> {
  const place = await listening(client)
  if (place?.where === 'this machine') return true
  // It only holds while the default user has no password.
  return place?.protectedMode === true && (await isOpen(client))
}

/** Whether the user that every connection begins as needs no password. @throws OperatorError when it may not be asked */
export async function isOpen(client: OperatorClient): Promise<boolean> {
  const flags = fieldOf(await client.send('ACL', 'GETUSER', 'default'), 'flags')
  // A set or an array, as the protocol's version has it.
  const names = flags instanceof Set || Array.isArray(flags) ? [...(flags as Iterable<unknown>)] : []
  return names.includes('on') && names.includes('nopass')
}

/** A field of a reply, which is an array or a map, as the protocol's version has it. */
function fieldOf(reply: unknown, name: string): unknown {
  if (!Array.isArray(reply)) return (reply as Record<string, unknown> | null)?.[name]
  const at = reply.findIndex((item, index) => index % 2 === 0 && item === name)
  return at === -1 ? undefined : (reply as unknown[])[at + 1]
}
