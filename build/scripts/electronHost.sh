#!/bin/sh
# Stands where electron-vite expects Electron's binary, and runs the Chromium host with the same arguments.
exec node "$(dirname "$0")/../../test/host/run.ts" "$@"
