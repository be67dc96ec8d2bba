import { notSupported } from './rest-error.js'

/** One object, which is an error unless there is exactly one row; or an array of them. */
export type Shape = 'object' | 'array'

/** From the header Accept. */
export function readShape(accept: string | undefined): Shape {
  const types = (accept ?? '*/*').split(',').map((type) => type.replaceAll(' ', '').toLowerCase())
  for (const type of types) {
    if (type === 'application/vnd.pgrst.object+json' || type === 'application/vnd.pgrst.object')
      return 'object'
    if (/^(\*\/\*|application\/\*|application\/json)(;|$)/.test(type)) return 'array'
  }
  throw notSupported('answers in a form other than JSON, or without nulls (Accept)')
}

/** @param type of the header Content-Type */
export function requireJson(type: string | undefined): void {
  if (type === undefined || /^application\/json\s*(;|$)/i.test(type)) return
  throw notSupported('bodies in a form other than JSON (Content-Type)')
}
