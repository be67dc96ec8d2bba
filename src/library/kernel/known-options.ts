import { OptionError } from './errors.js'

/**
 * A mistyped option would leave its default in force without a word, which for a limiter's policy is an open door.
 * Its value is not repeated: nobody knows what it is.
 *
 * @throws OptionError for a name that is not `known`
 */
export function refuseUnknownOptions(given: object, known: readonly string[], within = ''): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const option = `${within}${name}`
    const range = `an option; there are ${known.map((each) => `${within}${each}`).join(', ')}`
    throw new OptionError(option, undefined, range, `${option} is not ${range}`)
  }
}
