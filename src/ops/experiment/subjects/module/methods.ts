/** What can be called on an object, whatever else it is. */
export type Methods = Readonly<Record<string, (...given: unknown[]) => unknown>>

export function hasMethods(made: object, ...names: string[]): made is Methods {
  return names.every((name) => typeof (made as Record<string, unknown>)[name] === 'function')
}

/** Everything that can be called on it, also what its classes give, sorted; without the constructor and private names. */
export function methodNames(made: object): string[] {
  const names = new Set<string>()
  for (
    let each: object | null = made;
    each && each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object | null
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(each))) {
      if (typeof value === 'function' && name !== 'constructor' && !name.startsWith('_')) names.add(name)
    }
  }
  return [...names].toSorted()
}
