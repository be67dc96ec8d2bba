import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const licenseFile = /^(licen[cs]e|copying|notice)([.-]|$)/i
const packageDirectory = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/

/**
 * The notice that the licences of bundled packages ask for: name, version, licence and its text, for every package
 * among `inputs`, the paths of bundled files.
 *
 * @throws when a package names no licence: then nobody may ship it.
 */
export function thirdPartyLicenses(inputs) {
  const directories = new Set(inputs.flatMap((input) => input.match(packageDirectory)?.[0] ?? []))
  const sections = [...directories].map(describe).sort()
  return `The command line of transparent-cache contains these packages.\n\n${sections.join('\n')}`
}

function describe(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  if (!license)
    throw new Error(`${name}@${version} is bundled but names no licence: ask its author or drop it`)
  const texts = readdirSync(directory)
    .filter((file) => licenseFile.test(file))
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim())
  const text = texts.length > 0 ? texts.join('\n\n') : 'The package ships no licence text.'
  return `--- ${name} ${version} (${license})\n\n${text}\n`
}
