/** Who a client says that it is. Of the client's own making: to be shown, and not to be trusted. */
export interface Introduction {
  /** Such as `ioredis`, or `ioredis(tag)`. */
  name: string
  /** Null where it did not say. */
  version: string | null
}

const MAX_KNOWN = 20
/** What Redis itself accepts, which is no blank and no control character, and no more than is worth showing. */
const PRINTABLE = /^[!-~]{1,64}$/

/** What the clients of one door have said of themselves. */
export class Introductions {
  readonly #known = new Map<string, Introduction>()

  add(name: string | null, version: string | null): void {
    if (name === null || !PRINTABLE.test(name)) return
    const said = version !== null && PRINTABLE.test(version) ? version : null
    if (this.#known.size < MAX_KNOWN) this.#known.set(`${name} ${said}`, { name, version: said })
  }

  /** Each once, in the order in which they came; without a version only where none of that name said one. */
  list(): Introduction[] {
    const all = [...this.#known.values()]
    return all.filter(
      ({ name, version }) =>
        version !== null || all.every((each) => each.name !== name || each.version === null),
    )
  }
}
