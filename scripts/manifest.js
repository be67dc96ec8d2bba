// Writes oclif.manifest.json from dist/commands, so that start-up neither globs nor loads every command.
import { Plugin, settings } from '@oclif/core'
import { writeOrCheck } from './write-or-check.js'

// Otherwise oclif looks for sources beside the bundle, and for a compiler.
settings.enableAutoTranspile = false

const plugin = new Plugin({
  root: process.cwd(),
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  // A default that is computed from the machine must not be frozen into the file.
  respectNoCacheDefault: true,
})
await plugin.load()

// The order in which a file system lists files is nobody's promise.
const commands = Object.fromEntries(
  Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeOrCheck('oclif.manifest.json', `${JSON.stringify({ ...plugin.manifest, commands }, null, 2)}\n`)
