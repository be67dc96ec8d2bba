import { Flags } from '@oclif/core'

/** Where servers are that are not of our own. */
const NAMED_SERVERS = [{ type: 'some' as const, flags: ['own-servers', 'server-fault'] }]

/** What says that an app is drilled on its own servers. */
export const ownServersFlags = {
  'own-servers': Flags.boolean({
    summary: 'Doors in front of the servers that the environment of the app names, in place of the sandbox.',
    helpGroup: 'APP',
    exclusive: ['with'],
  }),
  env: Flags.string({
    summary: 'Environment of the project file whose servers are meant, by its variables.',
    helpValue: 'NAME',
    helpGroup: 'APP',
    relationships: NAMED_SERVERS,
  }),
  confirm: Flags.string({
    summary: 'Name of a target that counts as production, once for each; with --server-fault, of any.',
    helpValue: 'NAME',
    helpGroup: 'APP',
    multiple: true,
    multipleNonGreedy: true,
    relationships: NAMED_SERVERS,
  }),
}
