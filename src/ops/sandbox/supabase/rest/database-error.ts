import { isReported } from '../reported-error.js'
import { RestError } from './rest-error.js'

/** PostgREST's table: an exact SQLSTATE before its class. What is not listed is the client's mistake: 400. */
const STATUS: Record<string, number> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  '57P01': 503,
  P0001: 400,
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '21': 500,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
}

/** @param role who asked: a stranger may still log in (401), others may not do this (403) */
export function databaseError(error: unknown, role: string): RestError {
  if (error instanceof RestError) return error
  if (!isReported(error)) {
    return new RestError(503, {
      code: 'PGRST001',
      message: 'Database client error. Retrying the connection.',
    })
  }
  const { code, message, detail = null, hint = null } = error
  const status = statusOf(code, role)
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  return new RestError(status, { code, message, details: detail, hint }, headers)
}

function statusOf(code: string, role: string): number {
  if (code === '42501') return role === 'anon' ? 401 : 403
  // `raise sqlstate 'PT402'`: a function chooses its status.
  const chosen = /^PT([2-5]\d\d)$/.exec(code)?.[1]
  return chosen === undefined ? (STATUS[code] ?? STATUS[code.slice(0, 2)] ?? 400) : Number(chosen)
}
