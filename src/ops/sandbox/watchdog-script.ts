/**
 * What the watchdog runs: POSIX sh, so that it starts within a millisecond and needs nothing of ours that a crash or
 * an upgrade could have damaged. One order a line on stdin; the end of stdin means that we are gone.
 *
 * Directories are the positional parameters, the only list in sh that keeps spaces and quotes apart.
 */
export const WATCHDOG_SCRIPT = String.raw`# the watchdog of transparent-cache
trap '' INT TERM HUP QUIT TSTP PIPE
pids=
quits=
set --
while IFS= read -r line; do
  value=${'$'}{line#* }
  case $line in
    'pid '*) pids="$pids $value" ;;
    'quit '*) pids="$pids $value" quits="$quits $value" ;;
    'forget '*)
      kept= kept_quits=
      for pid in $pids; do
        [ "$pid" = "$value" ] || kept="$kept $pid"
      done
      for pid in $quits; do
        [ "$pid" = "$value" ] || kept_quits="$kept_quits $pid"
      done
      pids=$kept quits=$kept_quits ;;
    'dir '*) set -- "$@" "$value" ;;
    'forget-dir '*)
      count=$#
      while [ "$count" -gt 0 ]; do
        path=$1
        shift
        [ "$path" = "$value" ] || set -- "$@" "$path"
        count=$((count - 1))
      done ;;
  esac
done
for pid in $quits; do
  kill -QUIT "$pid"
  kill -CONT "$pid"
done
# They get eight seconds for what only they can remove: Postgres kills children of its own that are frozen after five.
for pid in $quits; do
  attempt=0
  while [ "$attempt" -lt 80 ] && kill -0 "$pid"; do
    sleep 0.1
    attempt=$((attempt + 1))
  done
done
for pid in $pids; do
  kill -9 "$pid"
done
# A process that is being killed may still create a file in a directory that is being removed.
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  left=
  for path in "$@"; do
    rm -rf -- "$path"
    if [ -e "$path" ]; then left=yes; fi
  done
  [ -n "$left" ] || break
  sleep 0.1
done
exit 0
`
