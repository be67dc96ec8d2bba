import { environmentNamed } from './named-environment.js'

type Options = Parameters<typeof environmentNamed>[1]

/**
 * As `environmentNamed`, and without the variables from which other environments take their settings: for a process that is to
 * find no server but those of the one that is named.
 */
export function environmentAlone(
  name: string | undefined,
  { env, environments }: Options,
): ReturnType<typeof environmentNamed> {
  const own = { ...environmentNamed(name, { env, environments }) }
  if (name === undefined) return own
  const kept = new Set(Object.values(environments[name]?.variables ?? {}))
  for (const { variables = {} } of Object.values(environments))
    for (const source of Object.values(variables)) if (source && !kept.has(source)) delete own[source]
  return own
}
