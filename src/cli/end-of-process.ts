/**
 * Lets the process end as soon as nothing is left to do; call it last, as what listens to `exit` from then on is not heard.
 *
 * Before it ends, Node 20 tidies up what is still allocated, and sometimes waits there without end, at full speed, for a
 * request of a socket that was torn down under way: seen after a drill, with the report long written.
 */
export function endWithoutTidying(): void {
  process.once('exit', (code) => process.exit(code))
}
