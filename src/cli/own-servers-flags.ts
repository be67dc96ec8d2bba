import { Flags } from '@oclif/core'

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
    dependsOn: ['own-servers'],
  }),
  confirm: Flags.string({
    summary: 'Name of a target that counts as production; once for each.',
    helpValue: 'NAME',
    helpGroup: 'APP',
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ['own-servers'],
  }),
}
