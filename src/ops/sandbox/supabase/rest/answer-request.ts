import { callFunction } from './call-function.js'
import type { Caller } from './caller.js'
import { deleteRows, updateRows } from './change-rows.js'
import type { Database, Run } from './database.js'
import { insertRows } from './insert-rows.js'
import { readTable } from './read-rows.js'
import { notSupported, RestError } from './rest-error.js'
import { filtersOf, type RestAnswer, type RestRequest } from './rest-request.js'
import { inTransaction } from './transaction.js'

/** @throws RestError for everything that is no success */
export async function answerRequest(
  database: Database,
  caller: Caller,
  request: RestRequest,
): Promise<RestAnswer> {
  const { method, path } = request
  const segments = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decoded)
  const [service, version, resource = '', name, ...more] = segments
  if (service === 'auth' && segments.join('/') === 'auth/v1/health') return health()
  if (service !== 'rest' || version !== 'v1') throw notSupported(`what is not below /rest/v1/ (${method})`)
  if (method === 'OPTIONS' || method === 'PUT') throw notSupported(`the method ${method}`)
  if (resource === '' && name === undefined) return root(method)
  const isCall = resource === 'rpc' && name !== undefined
  if (resource === '' || more.length > 0 || (name !== undefined && !isCall)) throw noSuchPath()
  const work = isCall ? callOf(name, request) : workOf(resource, request)
  return inTransaction(database, caller, { method, path: path.slice('/rest/v1'.length) }, work)
}

function callOf(name: string, request: RestRequest): (run: Run) => Promise<RestAnswer> {
  if (['GET', 'HEAD', 'POST'].includes(request.method)) return (run) => callFunction(run, name, request)
  throw new RestError(405, { code: 'PGRST101', message: `Cannot use the ${request.method} method on RPC` })
}

function workOf(table: string, request: RestRequest): (run: Run) => Promise<RestAnswer> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return (run) => readTable(run, table, request, filtersOf(request.query))
    case 'POST':
      return (run) => insertRows(run, table, request)
    case 'PATCH':
      return (run) => updateRows(run, table, request)
    case 'DELETE':
      return (run) => deleteRows(run, table, request)
    default:
      throw unsupportedMethod(request.method)
  }
}

/** PostgREST describes its tables here; who only looks whether it is there needs none of that. */
function root(method: string): RestAnswer {
  if (method !== 'GET' && method !== 'HEAD') throw unsupportedMethod(method)
  const info = {
    title: 'PostgREST, emulated',
    description: 'docs/supabase-endpoint.md says what it supports',
  }
  return { status: 200, body: JSON.stringify({ swagger: '2.0', info, paths: {} }) }
}

function health(): RestAnswer {
  return {
    status: 200,
    body: JSON.stringify({ name: 'GoTrue, emulated', description: 'nobody can log in here' }),
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw noSuchPath()
  }
}

function noSuchPath(): RestError {
  return new RestError(404, { code: 'PGRST125', message: 'Invalid path specified in request URL' })
}

function unsupportedMethod(method: string): RestError {
  return new RestError(405, { code: 'PGRST117', message: `Unsupported HTTP method: ${method}` })
}
