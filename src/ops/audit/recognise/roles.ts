import ts from 'typescript'
import type { Project } from '../project/project.js'
import { above, all } from '../syntax.js'
import { bindingOf } from './bindings.js'
import type { Kinds, Made } from './kinds.js'
import { kindIn } from './packages.js'

/**
 * Who may know that Redis can be away: `implementation` (a class over a client, or a module that owns one and exports
 * operations) must, `factory` decides what stands in, `exempt` code has its own policy (health, shutdown, locks, queues,
 * primary stores), and `application` is everybody else.
 */
export type Role = 'implementation' | 'factory' | 'exempt' | 'application'

export interface RoleOf {
  role: Role
  /** Why, in words for the reader of `--why`. */
  because: string
}

const IMPLEMENTS = new Set<Made | undefined>(['client', 'cache', 'limiter', 'store', 'pass-through'])

/** The role of the code that a node stands in. */
export class Roles {
  readonly #project: Project
  readonly #kinds: Kinds
  readonly #owning = new Map<ts.SourceFile, boolean>()

  constructor(project: Project, kinds: Kinds) {
    this.#project = project
    this.#kinds = kinds
  }

  of(node: ts.Node): RoleOf {
    const holder = above(node, ts.isClassLike)
    const kind = holder && this.#kinds.of(holder)
    if (holder && IMPLEMENTS.has(kind)) {
      return { role: 'implementation', because: `it is in ${holder.name?.text ?? 'a class'}, a ${kind}` }
    }
    if (this.#ownsClient(node.getSourceFile())) {
      return { role: 'implementation', because: 'its module makes a client and exports what is done with it' }
    }
    return { role: 'application', because: 'nothing around it holds or makes a client' }
  }

  /** A client is made at the top level of the module, or put into a variable there. */
  #ownsClient(file: ts.SourceFile): boolean {
    const known = this.#owning.get(file)
    if (known !== undefined) return known
    const owns = all(file, isMaking).some((node) => {
      const binding = bindingOf(node.expression, this.#project)
      const kind = binding && kindIn(binding.package, binding.name)
      return kind === 'client' && above(node, ts.isClassLike) === undefined
    })
    this.#owning.set(file, owns)
    return owns
  }
}

function isMaking(node: ts.Node): node is ts.NewExpression {
  return ts.isNewExpression(node)
}
