#!/bin/sh
# Back up and prove it, every night at three; `nightly.sh FOLDER once` does it now and ends.
# FOLDER/last-good is there only as long as the last night went well: monitoring looks at it.
set -u
folder=$1
night() {
  rm -f "$folder/last-good"
  server-sync backup "$folder" && server-sync drill "$folder" && date -u +%FT%TZ > "$folder/last-good"
}
if [ "${2:-}" = once ]; then
  night
  exit
fi
while :; do
  now=$(date +%s)
  sleep $(( (27 * 3600 - now % 86400) % 86400 + 1 ))
  night || echo "the backup of $(date -u +%F) failed" >&2
done
