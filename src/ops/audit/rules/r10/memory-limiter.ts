import ts from 'typescript'
import { bindingOf } from '../../recognise/bindings.js'
import { containersOf } from '../../recognise/containers.js'
import { kindIn } from '../../recognise/packages.js'
import type { RuleContext, Violation } from '../../rule.js'
import { lastName } from '../../syntax.js'
import { isDeclaredChoice, isForTests } from './declared-choice.js'
import { REMEDY } from './remedy.js'

// Its users are chosen elsewhere, and there it is said.
const SAYS_SO = /memory|local|insurance|fallback|backup/i

/** `new RateLimiterMemory({ points })` of its own accord: nobody thought of another instance. */
export function* memoryLimiters(node: ts.NewExpression, { project }: RuleContext): Generator<Violation> {
  const name = lastName(node.expression)
  if (!name.endsWith('Memory')) return
  const binding = bindingOf(node.expression, project)
  if (binding?.package !== 'rate-limiter-flexible' || kindIn(binding.package, binding.name) !== 'memory')
    return
  const file = node.getSourceFile()
  if (/^\s*['"]use client['"]/.test(file.text)) return
  const names = [nameOfHolder(node), ...containersOf(node).map((each) => each.name)]
  if (names.some((each) => SAYS_SO.test(each)) || isInsurance(node)) return
  if (isDeclaredChoice(node, file) || isForTests(node, file)) return
  yield {
    node,
    message: `${name} counts in the memory of this process: with n instances the limit is n times what it says, and a restart forgets it.`,
    remedy: REMEDY,
  }
}

function nameOfHolder({ parent }: ts.Node): string {
  const isHolder =
    ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)
  return isHolder ? parent.name.getText() : ''
}

/** `insuranceLimiter: local`, which is reported there. */
function isInsurance(node: ts.NewExpression): boolean {
  const name = nameOfHolder(node)
  return (
    name !== '' && new RegExp(`insuranceLimiter:\\s*(?:this\\.)?${name}\\b`).test(node.getSourceFile().text)
  )
}
