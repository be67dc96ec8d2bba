import { Flags } from '@oclif/core'
import { durationFlag } from './duration-flag.js'

/** What is to happen, how long, and under how much traffic. */
export const drillFlags = {
  drill: Flags.string({
    summary: 'Drill to run; may be repeated (default: a suite).',
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
    exclusive: ['suite'],
  }),
  suite: Flags.string({
    summary: 'Drills to run: smoke, upstash, security or full (default: the one that fits the subject).',
    helpValue: 'NAME',
  }),
  scenario: Flags.string({
    summary: 'Several faults on a time line, from this YAML or JSON file.',
    helpValue: 'FILE',
    exclusive: ['drill', 'suite', 'during'],
  }),
  seed: Flags.integer({ summary: 'Decides the traffic (default: 1).', min: 0, max: 2 ** 31 }),
  rate: Flags.integer({
    summary: 'Operations per second (default: 200, of stores 50, of an app 20).',
    min: 1,
    max: 2000,
  }),
  before: durationFlag({
    summary: 'Traffic before the fault (default: 2s, in a suite 1s, of an app 5s).',
    minMs: 500,
    maxMs: 60_000,
  }),
  during: durationFlag({
    summary: 'How long Redis is away (default: 6s, in a suite 4s or 3s).',
    minMs: 500,
    maxMs: 600_000,
  }),
  after: durationFlag({
    summary: 'Traffic after it is back (default: 6s, in a suite 5.5s).',
    minMs: 500,
    maxMs: 600_000,
  }),
  history: Flags.boolean({
    summary: 'Keep every single operation in the JSON report: some 400 bytes each.',
  }),
  'abort-if': Flags.string({
    summary: "What ends the run at once, such as 'errors > 2% for 3s' or 'rss > 1gb'; may be repeated.",
    helpValue: 'CONDITION',
    multiple: true,
    multipleNonGreedy: true,
  }),
}
