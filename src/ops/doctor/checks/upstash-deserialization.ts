import type { WorldCheck } from '../check.js'

export const upstashDeserializationCheck: WorldCheck = {
  on: 'world',
  id: 'UPS-005',
  group: 'connectivity',
  title: 'the client hands over what was stored',
  threshold: {
    warn: null,
    fail: null,
    source:
      '@upstash/redis 1.39, measured: automaticDeserialization is on unless it is set to false; warns when it is on',
  },
  deadlineMs: 1000,
  run({ cache: { backend }, client }) {
    if (backend?.backend !== 'upstash') return { status: 'skip', message: 'the cache has no Upstash' }
    if (client?.library === 'transparent-cache') {
      return { status: 'ok', message: 'transparent-cache switches automatic deserialisation off' }
    }
    if (client?.library !== 'upstash') {
      return { status: 'skip', message: 'the declared client does not speak REST (doctor.client)' }
    }
    const { assumed, options } = client
    if (options['automaticDeserialization'] === false) {
      return { status: 'ok', message: 'automaticDeserialization: false' }
    }
    const what = 'the text 1 comes back as a number, true as a boolean, and null as a miss'
    if (assumed) {
      return {
        status: 'unknown',
        message: `no client is declared; with the defaults of @upstash/redis ${what}`,
        remediation: {
          text: 'Declare it in the project file: doctor.client, library upstash, and its options.',
        },
      }
    }
    return {
      status: 'warn',
      message: `@upstash/redis parses what it reads: ${what}`,
      remediation: {
        text: 'Make the client with automaticDeserialization: false, and parse what you wrote as JSON yourself.',
        commands: ['new Redis({ url, token, automaticDeserialization: false })'],
      },
    }
  },
}
