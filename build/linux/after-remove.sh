#!/bin/sh
# After the package (deb or rpm) is removed: nothing of it stays but what its users wrote. An update removes nothing.
set -e

profile=/etc/apparmor.d/godwit

is_there() {
  command -v "$1" > /dev/null 2>&1
}

case "${1-}" in
  remove | purge | 0) ;;
  *) exit 0 ;;
esac

if [ -f "$profile" ]; then
  if is_there apparmor_parser && is_there aa-enabled && aa-enabled --quiet && ! { is_there ischroot && ischroot; }; then
    apparmor_parser --remove "$profile" || true
  fi
  rm -f "$profile"
fi

if is_there update-desktop-database; then
  update-desktop-database -q /usr/share/applications || true
fi
if is_there gtk-update-icon-cache && [ -f /usr/share/icons/hicolor/index.theme ]; then
  gtk-update-icon-cache -q -f /usr/share/icons/hicolor || true
fi
