import type { ResolvedOptions } from './options.js'
import type { Flight, SingleFlight } from './single-flight.js'
import { decodeValue, encodeValue } from './value-limits.js'

/** What a load brought: the value itself, and its text if it has one. */
export interface Loaded<T> {
  value: T | null
  text: string | null
}

interface SharedLoad<T> {
  flights: SingleFlight<Loaded<T>>
  key: string
  /** What the caller found in the value's stead. */
  found: string
  load: () => Promise<T | null>
  codec: Pick<ResolvedOptions<T>, 'serialize' | 'deserialize' | 'validate' | 'maxValueBytes'>
  /** Called once per load that brought something storable. */
  onLoaded?: (text: string, flight: Flight<Loaded<T>>) => void
}

/**
 * One load for everybody who asks meanwhile. Each caller gets the text parsed anew: what one of them changes must not
 * reach the others, and types are those of a hit.
 */
export async function shareLoad<T>({
  flights,
  key,
  found,
  load,
  codec,
  onLoaded,
}: SharedLoad<T>): Promise<T | null> {
  const { value, text } = await flights.run(key, found, async (flight) => {
    const value = await load()
    if (value === null || value === undefined) return { value: null, text: null }
    const encoded = encodeValue<T>(value, codec.serialize, codec.maxValueBytes)
    if (encoded.refused !== null) return { value, text: null }
    onLoaded?.(encoded.text, flight)
    return { value, text: encoded.text }
  })
  return text === null ? value : (decodeValue<T>(text, codec) ?? value)
}
