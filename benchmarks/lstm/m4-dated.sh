#!/usr/bin/env bash
# M4 hourly in the form series_id,t,value,split (gzip), as dated long CSV on stdout. M4 gives no dates: the last row of every series
# is set to one hour, since the folds of a panel step through common time. Nothing reads the dates but the walk.
set -euo pipefail
zcat "$1" | awk -F, '
  NR > 1 { id[NR] = $1; t[NR] = $2; y[NR] = $3; if ($2 > n[$1]) n[$1] = $2 }
  END {
    print "unique_id,ds,y"
    for (i = 2; i <= NR; i++) print id[i] "," strftime("%Y-%m-%dT%H:%M:%SZ", 1577836800 + 3600 * (t[i] - n[id[i]]), 1) "," y[i]
  }'
