#!/usr/bin/env bash
# Runs a scenario on the hosts of a file, one worker on each, started by Open MPI: for PBS, LSF, Grid Engine, or no queue.
#   mpirun.sh scenario.yaml "$PBS_NODEFILE" [--out FOLDER ...]
# The file has one name a line, maybe with slots behind it; a name that is there again does not count again.
# CONTEND names the program, the same path on every host; mpirun needs logins without a prompt from each host to each.
# The one line without this script: contend run scenario.yaml --hosts 3 --launcher mpi --host-list a,b,c
set -euo pipefail
if (($# < 2)); then
  echo "usage: mpirun.sh SCENARIO HOSTFILE [OPTIONS]" >&2
  exit 64
fi
mapfile -t hosts < <(awk '$1 != "" && $1 !~ /^#/ && !seen[$1]++ { print $1 }' "$2")
if ((${#hosts[@]} == 0)); then
  echo "there is no host in $2" >&2
  exit 66
fi
list=$(IFS=,; echo "${hosts[*]}")
exec "${CONTEND:-contend}" run "$1" --hosts "${#hosts[@]}" --launcher mpi --host-list "$list" "${@:3}"
