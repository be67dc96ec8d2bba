import { COMMANDS, type Command } from './commands.js'

/** What a server in some state does with the commands that a script calls. */
export interface ScriptGuard {
  /** Commands that fail, unless the script has written before. */
  refuses: (command: Command) => boolean
  /** The error, without `-`. */
  error: string
  /** Commands after which nothing is refused any more. */
  lifts: (command: Command) => boolean
}

/**
 * The same script for a server in that state: `redis.call` and `redis.pcall` refuse what the server would. Everything
 * stays on the first line, so that lines keep their numbers.
 */
export function guardScript(script: Buffer, guard: ScriptGuard): Buffer {
  const refused = tableOf(guard.refuses)
  const lifting = tableOf(guard.lifts)
  return withPreamble(
    script,
    `local refused,lifting,lifted=${refused},${lifting},false ` +
      `local function err() return {err=${JSON.stringify(guard.error)},ignore_error_stats_update=true} end ` +
      `local function guarded(name,n,arg) local arity=refused[name] ` +
      `if arity and not lifted and (n==arity or arity<0 and n>=-arity) then return true end ` +
      `if lifting[name] then lifted=true end return false end ` +
      `local function full(name,sub) if type(name)~='string' then return '' end name=string.lower(name) ` +
      `if type(sub)=='string' and refused[name..'|'..string.lower(sub)] then name=name..'|'..string.lower(sub) end return name end ` +
      `local redis=setmetatable({` +
      `call=function(...) if guarded(full(...),select('#',...)) then return error(err()) end return redis.call(...) end,` +
      `pcall=function(...) if guarded(full(...),select('#',...)) then return err() end return redis.pcall(...) end` +
      `},{__index=redis}) `,
  )
}

/** The same script, which finds every key of the data set missing. @param missing a key that nobody uses */
export function blindScript(script: Buffer, missing: string): Buffer {
  const keyed = [...COMMANDS.values()].filter(
    ({ readonly, keys, name }) => readonly && keys?.first === 1 && !name.includes('|'),
  )
  const table = `{${keyed.map(({ name, keys }) => `${name}=${keys?.last ?? 1}`).join(',')}}`
  return withPreamble(
    script,
    `local keyed=${table} ` +
      `local function blind(name,...) local arg={...} local last=type(name)=='string' and keyed[string.lower(name)] ` +
      `if last then if last<0 then last=select('#',...) end for i=1,last do if arg[i]~=nil then arg[i]=${JSON.stringify(missing)} end end end ` +
      `return name,unpack(arg,1,select('#',...)) end ` +
      `local redis=setmetatable({` +
      `call=function(...) return redis.call(blind(...)) end,` +
      `pcall=function(...) return redis.pcall(blind(...)) end` +
      `},{__index=redis}) `,
  )
}

/** The same script, which must be a sound one still, and does nothing but fail. @param error without `-` */
export function refusedScript(script: Buffer, error: string): Buffer {
  return withPreamble(script, `do return {err=${JSON.stringify(error)}} end `)
}

/** What the first line of a script declares of it; null when it declares nothing. */
export function declaredFlags(script: Buffer): string[] | null {
  const end = script.indexOf('\n')
  const line = script.toString('latin1', 0, end === -1 ? script.length : end)
  if (!line.startsWith('#!')) return null
  const flags = /\bflags=(\S*)/.exec(line)?.[1] ?? ''
  return flags.split(',').filter(Boolean)
}

function withPreamble(script: Buffer, preamble: string): Buffer {
  const body = script.toString('latin1').startsWith('#!') ? script.indexOf('\n') + 1 : 0
  return Buffer.concat([script.subarray(0, body), Buffer.from(preamble), script.subarray(body)])
}

function tableOf(matches: (command: Command) => boolean): string {
  const entries = [...COMMANDS.values()].filter(matches).map(({ name, arity }) => `['${name}']=${arity}`)
  return `{${entries.join(',')}}`
}
