import { Flags } from '@oclif/core'
import { parseProbe } from '../ops/config/probes/parse-probe.js'
import type { ProbeSet } from '../ops/config/probes/probe.js'
import { UsageError } from '../ops/report/errors.js'
import { durationFlag } from './duration-flag.js'
import { ownServersFlags } from './own-servers-flags.js'

/** What says how an app is drilled that is started by the command behind `--`. */
export const appFlags = {
  ready: Flags.string({
    summary: 'URL on loopback that the app behind -- answers once it is ready.',
    helpValue: 'URL',
    helpGroup: 'APP',
  }),
  'ready-within': durationFlag({
    summary: 'How long that may take (default: 30s).',
    minMs: 100,
    maxMs: 600_000,
    helpGroup: 'APP',
  }),
  probe: Flags.string({
    summary:
      'What the app is asked, such as \'GET /api/session expect 200 body contains "user"\'; may be repeated.',
    helpValue: 'PROBE',
    helpGroup: 'APP',
    multiple: true,
    multipleNonGreedy: true,
  }),
  probes: Flags.string({
    summary:
      'YAML or JSON file of probes: headers, bodies, set-up, and what to read, write, revoke and limit.',
    helpValue: 'FILE',
    helpGroup: 'APP',
  }),
  'redis-variable': Flags.string({
    summary: 'Variable that the app reads for the address of Redis, besides REDIS_URL; may be repeated.',
    helpValue: 'NAME',
    helpGroup: 'APP',
    multiple: true,
    multipleNonGreedy: true,
  }),
  with: Flags.option({
    options: ['supabase'] as const,
    summary: 'Give the app the embedded Supabase, too (default: if its environment has SUPABASE_URL).',
    helpGroup: 'APP',
  })(),
  ...ownServersFlags,
}

export interface AppFlags {
  ready?: string | undefined
  'ready-within'?: number | undefined
  probe?: string[] | undefined
  probes?: string | undefined
  'redis-variable'?: string[] | undefined
  backend?: string | undefined
  with?: 'supabase' | undefined
  subject?: string | undefined
  module?: string | undefined
  'own-servers'?: boolean | undefined
}

/** A command line of ours, and what stands behind its first `--`. */
export function splitCommand(argv: readonly string[]): [string[], string[] | undefined] {
  const at = argv.indexOf('--')
  return at === -1 ? [[...argv], undefined] : [argv.slice(0, at), argv.slice(at + 1)]
}

/**
 * The app that is to be drilled; undefined when there is no command.
 *
 * @throws UsageError when the one is there without the other
 */
export async function appOf(
  flags: AppFlags,
  command: readonly string[] | undefined,
  env: Readonly<Record<string, string | undefined>>,
) {
  if (command === undefined) {
    const orphan = Object.keys(appFlags).find(
      (name) => ![undefined, false].includes(flags[name as keyof AppFlags] as undefined),
    )
    if (orphan === undefined) return undefined
    throw new UsageError(
      'NO_COMMAND',
      `--${orphan} is about an app, but there is no command that starts one.`,
      ['behind all flags: -- node dist/server.js'],
    )
  }
  const [program, ...args] = command
  if (program === undefined) {
    throw new UsageError('NO_COMMAND', 'Behind -- there is no command.', ['-- node dist/server.js'])
  }
  const other = (['subject', 'module'] as const).find((name) => flags[name] !== undefined)
  if (other) {
    throw new UsageError('CONFLICTING_FLAGS', `--${other} and a command behind -- contradict each other.`, [
      'leave one of them out',
    ])
  }
  if (flags.ready === undefined) {
    throw new UsageError(
      'NO_READY_URL',
      'An app is drilled once it is ready, and nothing says when that is.',
      ['--ready http://127.0.0.1:3000/health'],
    )
  }
  const { probes, ...declared } = await probesOf(flags)
  return {
    command: [program, ...args] as [string, ...string[]],
    readyUrl: flags.ready,
    readyWithinMs: flags['ready-within'],
    probes,
    declared,
    env,
    redisVariables: (flags['redis-variable'] ?? []).map(checkedName),
    withSupabase: flags.with === undefined ? undefined : true,
    backend: flags.backend as 'redis' | 'upstash' | undefined,
  }
}

/** Those of the command line, and then those of the file. */
export async function probesOf(flags: Pick<AppFlags, 'probe' | 'probes'>): Promise<ProbeSet> {
  const own = (flags.probe ?? []).map((text) => parseProbe(text))
  if (flags.probes === undefined) return { setup: [], probes: own }
  const { readProbesFile } = await import('../ops/config/probes/probes-file.js')
  const declared = readProbesFile(flags.probes)
  return { ...declared, probes: [...own, ...declared.probes] }
}

function checkedName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name
  throw new UsageError(
    'BAD_FLAG_VALUE',
    `--redis-variable: ${JSON.stringify(name.slice(0, 100))} is no name of a variable.`,
    ['--redis-variable CACHE_REDIS_URL'],
  )
}
