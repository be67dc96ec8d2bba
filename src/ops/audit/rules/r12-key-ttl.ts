import type ts from 'typescript'
import { familiesOf } from '../families.js'
import { exemptionOf, exemptionOfOperation, type Exemption } from '../recognise/exemptions.js'
import { outermostFunction } from '../recognise/containers.js'
import { commandsIn, keysOf, type Command } from '../recognise/keys/commands.js'
import { prefixOf } from '../recognise/keys/keys.js'
import { isOutOfSight, Speller, textOf, type Spelling } from '../recognise/keys/spelling.js'
import { ttlOf, type WrittenTtl } from '../recognise/keys/written-ttl.js'
import type { Judgement, Rule, RuleContext } from '../rule.js'
import { defaultOf } from './r12/default-ttl.js'
import { isBounded } from './r12/bounded.js'
import { unendingManaged } from './r12/managed.js'
import { Lifetimes } from './r12/lifetimes.js'

/** R12: what is written under a key lives as long as the key's family says. */
export const keyTtl: Rule = {
  id: 'R12',
  title: 'keys follow a declared family, writes carry its TTL',
  severity: 'warn',
  confidence: 'medium',
  *check(file, context) {
    yield* unendingManaged(file, context)
    const commands = commandsIn(file, context.receivers)
    if (commands.length === 0) return
    const speller = new Speller(context.project)
    const seen = new Set<string>()
    const lifetimes = new Lifetimes(context, speller, commands)
    for (const command of commands) {
      if ((command.access !== 'write' && command.access !== 'expire') || isExempt(command, context)) continue
      const [key] = keysOf(command)
      const prefix = prefixOf(command.client, context, speller)
      const spellings = key ? speller.of(key).map((each) => [...prefix, ...each]) : []
      const ttl = ttlOf(command, context.project)
      const foreign = againstFamilies(command, ttl, spellings, context)
      const judgement =
        foreign ?? (command.access === 'write' ? ofLifetime(command, ttl, spellings) : undefined)
      if (!judgement) continue
      // Several fields of one hash are one key.
      const told = `${outermostFunction(command.call)?.pos} ${key?.getText()} ${command.written}`
      if (command.written !== 'text' && 'message' in judgement && seen.has(told)) continue
      seen.add(told)
      yield judgement
    }

    function ofLifetime(
      command: Command,
      ttl: WrittenTtl,
      spellings: readonly Spelling[],
    ): Judgement | undefined {
      const node = command.call
      if (ttl.is === 'unread')
        return { node, site: 'unprovable', what: 'the options of the write are made elsewhere' }
      if (ttl.is === 'kept') return undefined
      if (ttl.is === 'given') return { node, site: 'conforms', what: `${command.name} with a TTL` }
      if (lifetimes.isGivenLater(command))
        return { node, site: 'conforms', what: `${command.name}, then EXPIRE` }
      const other = lifetimes.onOtherBranch(command)
      const byDefault = other && defaultOf(other, context)
      if (byDefault === 'some') return { node, site: 'conforms', what: 'a TTL by default' }
      if (byDefault === 'unread')
        return { node, site: 'unprovable', what: 'the default of the TTL is set elsewhere' }
      // `increment(key)` of a wrapper: whether its callers send EXPIRE is theirs to say.
      if (command.written !== 'text' && spellings.every(isOutOfSight))
        return { node, site: 'unprovable', what: 'the key is made by callers' }
      if (isBounded(command, spellings)) return undefined
      return other
        ? { node, message: UNLESS_GIVEN, remedy: GIVE_A_DEFAULT }
        : { node, ...withoutTtl(command) }
    }
  },
}

// Jobs and messages leave when they are consumed; a probe writes one key.
const EXEMPT = new Set<Exemption | undefined>([
  'a queue',
  'publish and subscribe',
  'a health probe',
  'a script that is run by hand',
])

function isExempt({ call, name, client }: Command, { project }: RuleContext): boolean {
  const operation = { call, kind: 'client' as const, method: name, receiver: client }
  return (
    EXEMPT.has(exemptionOfOperation(operation, project)) || EXEMPT.has(exemptionOf(call, project)?.exemption)
  )
}

/** Nobody is held against families who declares none. */
function againstFamilies(
  command: Command,
  ttl: WrittenTtl,
  spellings: readonly Spelling[],
  { families }: RuleContext,
): { node: ts.Node; message: string; remedy: string } | undefined {
  const node = command.call
  const seen = spellings.filter((each) => !isOutOfSight(each))
  if (seen.length === 0) return undefined
  const matched = seen.map((each) => familiesOf(each, families))
  const stranger = seen.find((_, at) => matched[at]!.length === 0)
  if (stranger && command.access === 'write' && families.some(({ declaredIn }) => declaredIn !== 'library')) {
    const message = `${textOf(stranger)} is of no declared family: nobody can count it, purge it in an incident, or say how long it may be stale.`
    return {
      node,
      message,
      remedy: 'Declare its family, with pattern and TTL, under `families` in the project file.',
    }
  }
  if (ttl.is !== 'given' || ttl.seconds === null) return undefined
  const { seconds } = ttl
  const declared = matched.flat()
  const isRight = declared.some(({ ttlSeconds }) => ttlSeconds === null || ttlSeconds === seconds)
  const [family] = declared
  if (!family || isRight) return undefined
  const longer = seconds > family.ttlSeconds!
  const message = `This gives a key of ${family.id} ${seconds} s, its family declares ${family.ttlSeconds} s: ${
    longer
      ? 'after an invalidation that is lost in an outage it is stale for longer than declared.'
      : 'the database gets more reads than were planned for.'
  }`
  return { node, message, remedy: 'Write the TTL that the family declares, or correct the declaration.' }
}

function withoutTtl({ written }: Command): { message: string; remedy: string } {
  if (written === 'text') return { message: FOR_EVER, remedy: GIVE_ONE }
  return { message: GROWS, remedy: EXPIRE }
}

const FOR_EVER =
  'This write gives its key no TTL: when its invalidation is lost in an outage it is stale for ever, and keys that nobody deletes fill the memory.'
const GIVE_ONE =
  "Give the write a TTL, such as `set(key, value, 'EX', 300)` or `{ ex: 300 }`, from the key's family."
const GROWS =
  'What is kept under this key never expires: members and keys that nobody removes, as in an outage, stay for ever and fill the memory.'
const EXPIRE = 'Send EXPIRE for the key with the write, in one pipeline or MULTI.'
const UNLESS_GIVEN =
  'A caller who gives no TTL writes a key that never expires: when its invalidation is lost in an outage it is stale for ever.'
const GIVE_A_DEFAULT = 'Give the TTL a default that is not zero, and write no key without one.'
