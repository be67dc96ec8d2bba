import { Flags } from '@oclif/core'

/** What says which cache or limiter is drilled, where it is not an app. */
export const subjectFlags = {
  subject: Flags.string({
    summary: 'The cache that is put to the test (default: library).',
    helpValue: 'NAME',
  }),
  module: Flags.string({
    summary: 'Your own cache or limiter: the factory, class or instance that FILE exports.',
    helpValue: 'FILE#EXPORT',
    exclusive: ['subject'],
  }),
  backend: Flags.string({
    summary: 'What the module or the app speaks to (default: redis; of an app what its environment names).',
    options: ['redis', 'upstash'],
  }),
  'module-ttl': Flags.string({
    summary: 'Third argument for set of the module, in its own unit (default: none).',
    helpValue: 'JSON',
  }),
  limit: Flags.string({
    summary: 'What a limiter of a module allows, such as 20/1s.',
    helpValue: 'COUNT/TIME',
  }),
  'on-unavailable': Flags.string({
    summary: 'What it is to do while Redis is away (default: allow).',
    options: ['allow', 'deny'],
  }),
}
