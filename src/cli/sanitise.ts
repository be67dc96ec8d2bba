// Matched as one: colour (kept on request); OSC and its kin (title, hyperlink, clipboard), which end in BEL or ST, or in
// our view at the line's end; CSI; short escapes; the controls of C0 without tab and newline, DEL and C1; and what
// breaks or reorders a line: separators, bidirectional marks and overrides.
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /(\u001B\[[\d;:]*m)|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C\n]*(?:\u0007|\u001B\\|\u009C)?|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?|\u001B[ -/]*[0-~]?|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\u200E\u200F\uFEFF]/g

/**
 * Untrusted text (a server's message, a key, a value) as one harmless line: no terminal sequence survives, and what
 * would break the line becomes a space.
 */
export function sanitise(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(unsafe, '')
}

// What the runner of GitHub obeys, on whichever stream and however far a line is indented: `::name properties::` at its
// beginning, and its older form anywhere. An address such as ::1 is neither.
const commands = /^([^\S\n]*):(?=:[a-z_-]+(?:[^\S\n][^\n]*)?::)|##(?=\[[a-z])/gim

/**
 * Our own rendered text, in which untrusted text may hide: newlines stay, and so do colours when `colour` is true. No line
 * of it is a command to GitHub, which broken text may be though it was none before.
 */
export function sanitiseRendered(text: string, colour: boolean): string {
  return text
    .replace(unsafe, (_match, sgr: string | undefined) => (colour && sgr ? sgr : ''))
    .replace(commands, (_match, indent: string | undefined) => (indent === undefined ? '## ' : `${indent}: `))
}
