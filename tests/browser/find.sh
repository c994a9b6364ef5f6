#!/bin/sh
# Browser tests need a Chromium. Finds one, or installs one where that can be done; says so loudly if not.
set -eu
for name in "${DIRECTORY_TEST_BROWSER:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "No Chromium was found: installing it with apt-get."
  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium >/dev/null
  command -v chromium >/dev/null 2>&1 && exit 0
fi
echo "*** NO CHROMIUM WAS FOUND, AND NONE COULD BE INSTALLED. ***" >&2
echo "The browser tests cannot run without one. Install Chromium (on Debian: apt-get install chromium)," >&2
echo "or name a browser in DIRECTORY_TEST_BROWSER, and run make test again." >&2
exit 1
