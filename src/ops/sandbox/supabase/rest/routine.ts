import { RestError } from './rest-error.js'
import type { Run } from './database.js'

/** A function, as the catalogue has it at this moment. */
export interface Routine {
  /** Of what a client may give; those without a default must be given. */
  arguments: { name: string; type: string; isOptional: boolean }[]
  returns: 'void' | 'value' | 'row'
  /** Whether it returns any number of them. */
  isSet: boolean
  isVariadic: boolean
  /** It says of itself that it does: `stable` or `immutable`. */
  onlyReads: boolean
}

const QUERY = `select
  (select coalesce(json_agg(json_build_object('name', coalesce(p.proargnames[a.place], ''), 'type', format_type(a.type, null),
      'isOptional', a.number > p.pronargs - p.pronargdefaults) order by a.place), '[]')
    from (select u.type, u.place, row_number() over (order by u.place) as number
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as u (type, place)
      where coalesce(p.proargmodes[u.place], 'i') in ('i', 'b', 'v')) a) as arguments,
  case when p.prorettype = 'void'::regtype then 'void'
    when t.typtype = 'c' or p.prorettype = 'record'::regtype then 'row' else 'value' end as returns,
  p.proretset as "isSet", p.provariadic <> 0 as "isVariadic", p.provolatile <> 'v' as "onlyReads"
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_type t on t.oid = p.prorettype
  where n.nspname = 'public' and p.proname = $1 and p.prokind = 'f' and p.prorettype <> 'trigger'::regtype`

/** All functions of this name. */
export function findRoutines(run: Run, name: string): Promise<Routine[]> {
  return run<Routine>(QUERY, [name])
}

/**
 * The function that takes exactly what is given.
 *
 * @throws RestError 404 `PGRST202` when there is none, 300 `PGRST203` when there are several
 */
export function chooseRoutine(name: string, routines: readonly Routine[], given: readonly string[]): Routine {
  const fitting = routines.filter(
    (routine) =>
      given.every((key) => routine.arguments.some((argument) => argument.name === key)) &&
      routine.arguments.every((argument) => argument.isOptional || given.includes(argument.name)),
  )
  const [first] = fitting
  if (fitting.length === 1 && first !== undefined) return first
  if (fitting.length > 1) {
    throw new RestError(300, {
      code: 'PGRST203',
      message: `Could not choose the best candidate function among ${fitting.length} that are called public.${name}`,
    })
  }
  const parameters = given.length === 0 ? ' without parameters' : `(${given.join(', ')})`
  throw new RestError(404, {
    code: 'PGRST202',
    message: `Could not find the function public.${name}${parameters} in the schema cache`,
  })
}
