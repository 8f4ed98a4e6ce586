#!/bin/sh
# After the package (deb or rpm) is installed or updated: gives the sandbox its rights, and tells the desktop about the
# links and icons. Fails for nothing that the program can do without.
set -e

program=/usr/lib/godwit/godwit
sandbox=/usr/lib/godwit/chrome-sandbox
shipped_profile=/usr/lib/godwit/resources/apparmor-profile
profile=/etc/apparmor.d/godwit

is_there() {
  command -v "$1" > /dev/null 2>&1
}

# The one system says what it asks for, the other how many versions are there.
case "${1-}" in
  configure | [1-9]*) ;;
  *) exit 0 ;;
esac

# Where AppArmor forbids programs the namespaces that the sandbox is made of, a profile gives them back. Versions that
# do not know this kind of profile do not forbid them either.
if [ -f "$shipped_profile" ] && [ -d /etc/apparmor.d ] && is_there apparmor_parser; then
  if apparmor_parser --skip-kernel-load --debug "$shipped_profile" > /dev/null 2>&1; then
    cp -f "$shipped_profile" "$profile"
    # In a folder that will be another machine's system there is no kernel of its own to tell.
    if is_there aa-enabled && aa-enabled --quiet && ! { is_there ischroot && ischroot; }; then
      apparmor_parser --replace --write-cache --skip-read-cache "$profile" || true
    fi
  fi
fi

# Without namespaces for ordinary users the sandbox needs a helper with root's rights. Asked as nobody, because root may
# always; where that cannot be asked, the helper gets them.
users_have_namespaces() {
  is_there setpriv && is_there unshare &&
    setpriv --reuid=65534 --regid=65534 --clear-groups unshare --user true > /dev/null 2>&1
}
if is_there dpkg-statoverride && dpkg-statoverride --list "$sandbox" > /dev/null 2>&1; then
  : # The administrator has decided.
elif users_have_namespaces; then
  chmod 0755 "$sandbox"
else
  chmod 4755 "$sandbox"
fi

# godwit:// links, and the icons.
if is_there update-desktop-database; then
  update-desktop-database -q /usr/share/applications || true
fi
if is_there gtk-update-icon-cache && [ -f /usr/share/icons/hicolor/index.theme ]; then
  gtk-update-icon-cache -q -f /usr/share/icons/hicolor || true
fi

[ -x "$program" ]
