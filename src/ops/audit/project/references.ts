import ts from 'typescript'
import { nodesOf } from '../nodes.js'
import type { Project } from './project.js'

/** Where names of the audited files are used. */
export class References {
  readonly #project: Project
  #byText: Map<string, ts.Identifier[]> | undefined

  constructor(project: Project) {
    this.#project = project
  }

  /** The uses of a declared name, its own declaration left out; imports under another name are not followed. */
  to(declaration: ts.NamedDeclaration): ts.Identifier[] {
    const { name } = declaration
    if (!name || !(ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) return []
    const candidates = this.#index().get(name.text) ?? []
    return candidates.filter((each) => each !== name && this.#project.declarationOf(each) === declaration)
  }

  #index(): Map<string, ts.Identifier[]> {
    if (this.#byText) return this.#byText
    const index = new Map<string, ts.Identifier[]>()
    for (const source of this.#project.sources) {
      for (const node of nodesOf(source).list) {
        if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) continue
        const known = index.get(node.text)
        if (known) known.push(node as ts.Identifier)
        else index.set(node.text, [node as ts.Identifier])
      }
    }
    this.#byText = index
    return index
  }
}
