import { looksLikeTest } from './filter-test.js'
import { readPayload } from './payload.js'
import { readRows, type Source } from './read-rows.js'
import { notSupported } from './rest-error.js'
import { filtersOf, type RestAnswer, type RestRequest } from './rest-request.js'
import { chooseRoutine, findRoutines, type Routine } from './routine.js'
import { identifier, Parameters } from './sql.js'
import type { Run } from './database.js'

/** How a function is called, in SQL. */
interface Call {
  sql: string
  /** Where its arguments come from; empty when they stand in the call. */
  from: string
  parameters: Parameters
  /** What is asked of the rows that it returns. */
  filters: Source['filters']
}

/** Calls a function by name, with named arguments: of the body, or of the query where there is no body. */
export async function callFunction(run: Run, name: string, request: RestRequest): Promise<RestAnswer> {
  const routines = await findRoutines(run, name)
  const choose = (given: readonly string[]) => {
    const routine = chooseRoutine(name, routines, given)
    if (routine.isVariadic) throw notSupported('variadic functions')
    return routine
  }
  const pairs = filtersOf(request.query)
  if (request.method === 'POST') {
    const text = request.body.trim() === '' ? '{}' : request.body
    const { rows, isArray } = readPayload(text)
    if (isArray) throw notSupported('an array as the arguments of a function')
    const given = Object.keys(rows[0] ?? {})
    const routine = choose(given)
    return answerCall(run, name, request, routine, bodyCall(name, routine, given, text, pairs))
  }
  const given = pairs.filter(([, value]) => !looksLikeTest(value))
  const routine = choose(given.map(([key]) => key))
  const filters = pairs.filter(([, value]) => looksLikeTest(value))
  return answerCall(run, name, request, routine, queryCall(name, routine, given, filters))
}

async function answerCall(
  run: Run,
  name: string,
  request: RestRequest,
  { returns, isSet, onlyReads }: Routine,
  { sql, from, parameters, filters }: Call,
): Promise<RestAnswer> {
  // It is held to its word, also where what it calls would write.
  if (onlyReads) await run('set transaction read only')
  const alias = identifier(name)
  const rows =
    returns === 'row'
      ? `select ${alias}.* from ${from === '' ? '' : `${from}, lateral `}${sql} as ${alias}`
      : `select ${sql}${returns === 'void' ? '::text' : ''} as rest_value${from === '' ? '' : ` from ${from}`}`
  const answer = await readRows(run, request, {
    scope: { relation: name, parameters },
    // Run once, and wholly, whatever is read of it.
    with: `with rest_call as materialized (${rows})`,
    from: `rest_call as ${alias}`,
    filters,
    shape: isSet ? request.shape : 'object',
    ...(returns === 'row' ? {} : { row: 'rest_value' }),
  })
  const { body: _, ...silent } = answer
  if (returns === 'void' || request.preferences.return === 'minimal') return { ...silent, status: 204 }
  return answer
}

function bodyCall(
  name: string,
  { arguments: known }: Routine,
  given: readonly string[],
  text: string,
  filters: Source['filters'],
): Call {
  const parameters = new Parameters()
  const called = `public.${identifier(name)}`
  if (given.length === 0) return { sql: `${called}()`, from: '', parameters, filters }
  // The types are the catalogue's own words.
  const columns = known
    .filter((argument) => given.includes(argument.name))
    .map((argument) => `${identifier(argument.name)} ${argument.type}`)
  const named = given.map((key) => `${identifier(key)} => rest_given.${identifier(key)}`)
  const from = `json_to_record(${parameters.add(text)}::json) as rest_given (${columns.join(', ')})`
  return { sql: `${called}(${named.join(', ')})`, from, parameters, filters }
}

function queryCall(
  name: string,
  { arguments: known }: Routine,
  given: readonly (readonly [string, string])[],
  filters: Source['filters'],
): Call {
  const parameters = new Parameters()
  const typeOf = (key: string) => known.find((argument) => argument.name === key)?.type ?? 'text'
  const named = given.map(([key, value]) => `${identifier(key)} => ${parameters.add(value)}::${typeOf(key)}`)
  return { sql: `public.${identifier(name)}(${named.join(', ')})`, from: '', parameters, filters }
}
