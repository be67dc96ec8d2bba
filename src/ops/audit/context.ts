import type { KeyFamily } from './families.js'
import type { Project } from './project/project.js'
import { References } from './project/references.js'
import { DirectOperations } from './recognise/direct-operations.js'
import { Handling } from './recognise/handling/handling.js'
import { Implementations } from './recognise/implementations.js'
import { Implementers } from './recognise/implementers.js'
import { ImplementingClasses } from './recognise/implementing-classes.js'
import { ImplementingModules } from './recognise/implementing-modules.js'
import { Kinds } from './recognise/kinds.js'
import { NamedBackends } from './recognise/named-backends.js'
import { Operations } from './recognise/operations.js'
import { Ownership } from './recognise/ownership.js'
import { Products } from './recognise/products.js'
import { Receivers } from './recognise/receivers.js'
import { Roles } from './recognise/roles.js'
import type { RuleContext } from './rule.js'

/** What rules may ask of a project, each part made of those before it. */
export function contextOf(project: Project, families: readonly KeyFamily[] = []): RuleContext {
  const kinds = new Kinds(project)
  const products = new Products(project, kinds)
  const receivers = new Receivers(project, products, new NamedBackends(project))
  const direct = new DirectOperations(project, products, receivers)
  const ownership = new Ownership(project, products, direct)
  const classes = new ImplementingClasses({ project, kinds, products, direct })
  const implementations = new Implementations({ project, kinds, direct, ownership, classes })
  const modules = new ImplementingModules({ project, products, direct, ownership, classes })
  const roles = new Roles({ project, products, implementations, modules, direct })
  const operations = new Operations({ project, direct, roles, products })
  const references = new References(project)
  const implementers = new Implementers(project, references)
  const handling = new Handling({ project, references, operations, products, implementers })
  return {
    project,
    references,
    implementers,
    kinds,
    products,
    receivers,
    operations,
    roles,
    handling,
    families,
  }
}
