#!/usr/bin/env bash
# Puts the files of a release into one folder, under names that say the architecture, with a Debian package for each.
# usage: packaging/gather.sh VERSION TARGET FOLDER
# TARGET is cargo's folder, in which the static command lines are. The rest is in dist/ and docs/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=$1 target=$2 out=$3
mkdir -p "$out"

# The Debian package of one architecture: ARCH in Debian's words, then the two programs.
package() {
    local arch=$1 procglass=$2 collector=$3 root
    root=$(mktemp -d)
    install -D -m 755 "$procglass" "$root/usr/bin/procglass"
    install -D -m 755 "$collector" "$root/usr/bin/procglass-collect"
    install -D -m 644 docs/completions/procglass.bash "$root/usr/share/bash-completion/completions/procglass"
    install -D -m 644 docs/completions/_procglass "$root/usr/share/zsh/vendor-completions/_procglass"
    install -D -m 644 docs/completions/procglass.fish "$root/usr/share/fish/vendor_completions.d/procglass.fish"
    for page in docs/man/*.1; do
        install -D -m 644 "$page" "$root/usr/share/man/man1/${page##*/}"
        gzip --best --no-name "$root/usr/share/man/man1/${page##*/}"
    done
    install -D -m 644 -t "$root/usr/share/doc/procglass" README.md CHANGELOG.md
    cat LICENSE LICENSE-MIT LICENSE-APACHE > "$root/usr/share/doc/procglass/copyright"
    install -d "$root/DEBIAN"
    cat > "$root/DEBIAN/control" <<EOF
Package: procglass
Version: $version
Architecture: $arch
Maintainer: procglass maintainers <procglass@users.noreply.example>
Installed-Size: $(du --summarize --block-size=1024 "$root/usr" | cut -f 1)
Section: admin
Priority: optional
Description: freeze what runs on a Linux system, look at it later
 procglass-collect copies the volatile state of /proc into one bundle.
 procglass reads bundles in a terminal and makes reports of one HTML file,
 which any browser opens offline.
EOF
    chmod 755 "$root"
    dpkg-deb --root-owner-group --build "$root" "$out/procglass_${version}_$arch.deb" > /dev/null
    rm -r "$root"
}

for pair in amd64:x86_64 arm64:aarch64; do
    debian=${pair%%:*} rust=${pair##*:}
    suffix=
    [ "$rust" = "$(uname -m)" ] || suffix=-$rust
    for program in procglass-collect procglass-collect-full; do
        install -m 755 "dist/$program$suffix" "$out/$program-$debian"
    done
    install -m 755 "$target/$rust-unknown-linux-musl/release/procglass" "$out/procglass-$debian"
    package "$debian" "$out/procglass-$debian" "$out/procglass-collect-$debian"
done
install -m 644 dist/viewer.html "$out/viewer.html"
tar --create --gzip --sort=name --owner=0 --group=0 --numeric-owner --file "$out/site.tar.gz" --directory dist site
