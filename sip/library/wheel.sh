#!/bin/sh
# Builds pjsua2 with IPv6 and 32 calls into a wheel: `./dev wheel` calls it with the Python it is for.
# Everything comes from Debian's archive and PyPI, with checksums, and stays below out/wheel: nothing is installed.
set -eu
cd "$(dirname "$0")/../.."
HERE=$PWD/sip/library
OUT=$PWD/out
WORK=$OUT/wheel
RELEASE=ringdown1
ARCHIVE=http://deb.debian.org/debian
SNAPSHOT=https://snapshot.debian.org/file
# The codecs and TLS, built against Debian's packages; auditwheel puts the libraries into the wheel.
UNPACKED="libopus-dev libopus0 libspeex-dev libspeex1 libspeexdsp-dev libspeexdsp1 libgsm1-dev libgsm1 libssl-dev libssl3"

say() { printf '%s\n' "wheel: $*"; }
fail() { printf '%s\n' "wheel: FAILED: $*" >&2; exit 1; }
# Run quietly; what it said is shown only if it fails.
run() {
    log=$WORK/$1.log
    shift
    "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$1 (all of it: $log)"; }
}

fetch() { # URL FILE
    "$PYTHON" - "$1" "$2" <<'PY'
import shutil, sys, urllib.request
try:
    with urllib.request.urlopen(sys.argv[1], timeout=60) as answer, open(sys.argv[2], "wb") as file:
        shutil.copyfileobj(answer, file)
except OSError as error:
    sys.exit(f"wheel: {sys.argv[1]}: {error}")
PY
}

is_right() { [ -f "$2" ] && printf '%s  %s\n' "$1" "$2" | sha256sum --check --status; }

# The source $1, checked, as $WORK/$1. A file of its name in out/wheel/sources is taken before the network is asked.
source_of() {
    read -r _ sha256 sha1 path <<LINE
$(grep "^$1 " "$HERE/sources")
LINE
    file=$WORK/sources/$(basename "$path")
    if ! is_right "$sha256" "$file"; then
        say "fetching $(basename "$path")"
        fetch "$ARCHIVE/$path" "$file" || fetch "$SNAPSHOT/$sha1" "$file" ||
            fail "not to be had. If Debian has gone on to a newer one: its line into $HERE/sources, or the old one at $file"
        is_right "$sha256" "$file" || fail "$file is not the one of $HERE/sources: another checksum"
    fi
    rm -rf "${WORK:?}/$1"
    mkdir "$WORK/$1"
    tar xf "$file" -C "$WORK/$1" --strip-components=1
}

unpack_packages() {
    [ ! -e "$SYSROOT/ready" ] || return 0
    say "fetching Debian's development packages"
    rm -rf "$SYSROOT" "$WORK/packages"
    mkdir -p "$SYSROOT" "$WORK/packages"
    # shellcheck disable=SC2086
    (cd "$WORK/packages" && run packages apt-get download -q $UNPACKED)
    for package in "$WORK"/packages/*.deb; do
        dpkg-deb -x "$package" "$SYSROOT"
    done
    touch "$SYSROOT/ready"
}

build_libraries() {
    stamp=$(cat "$HERE/sources" "$HERE/config_site.h" "$HERE/wheel.sh" | cksum)
    [ "$(cat "$WORK/built" 2>/dev/null)" != "$stamp" ] || return 0
    source_of libsrtp2
    source_of pjproject
    say "building libsrtp2"
    cd "$WORK/libsrtp2"
    run libsrtp2-configure env CFLAGS="-O2 -fPIC -I$INCLUDE -I$INCLUDE/$TRIPLET" LDFLAGS="-L$LIB" \
        PKG_CONFIG_PATH="$LIB/pkgconfig" ./configure --enable-openssl --prefix="$WORK/srtp"
    run libsrtp2-make make -j"$(nproc)" libsrtp2.a
    run libsrtp2-install make install
    say "building PJSIP"
    cd "$WORK/pjproject"
    cp "$HERE/config_site.h" pjlib/include/pj/config_site.h
    sed -i 's/ bdimad_dev\.o//' pjmedia/build/Makefile # a sound device whose source Debian leaves out
    # Real-time text (T.140), new in 2.17: offered in every INVITE, which is too long for a datagram then.
    sed -i 's/opt->txt_cnt = 1;/opt->txt_cnt = 0;/' pjsip/src/pjsua-lib/pjsua_call.c
    flags="-O2 -g0 -fPIC -I$WORK/srtp/include -I$INCLUDE -I$INCLUDE/$TRIPLET -I$INCLUDE/opus"
    # Without libcrypto named last the checks for the static libsrtp2 do not link.
    run configure env CFLAGS="$flags" CXXFLAGS="$flags" LDFLAGS="-L$WORK/srtp/lib -L$LIB" LIBS=-lcrypto ./configure \
        --disable-shared --disable-sound --disable-video --disable-upnp --disable-libuuid --disable-libyuv \
        --disable-libwebrtc --disable-speex-aec --disable-g7221-codec --disable-ilbc-codec --disable-sdl \
        --disable-ffmpeg --disable-v4l2 --disable-openh264 --disable-vpx --disable-silk --disable-bcg729 \
        --disable-lyra --disable-opencore-amr --enable-speex-resample \
        --with-external-speex --with-external-gsm --with-external-srtp
    for found in 'OpenSSL library' 'OPUS library' 'OpenSSL has AES GCM'; do
        grep -q "$found" "$WORK/configure.log" || fail "not in $WORK/configure.log: $found"
    done
    run dep make dep
    run lib make -j"$(nproc)" lib
    printf '%s' "$stamp" >"$WORK/built"
}

build_wheel() {
    say "building the Python module"
    cd "$WORK/pjproject/pjsip-apps/src/swig/python"
    run clean make clean
    run swig make pjsua2_wrap.cpp
    # Its own set-up, under the name of the wheel it takes the place of.
    sed -i "s/setup(name=\"pjsua2\"/setup(name=\"pjsua2-python\"/; s/version=pj_version,/version=pj_version + '+$RELEASE',/" setup.py
    rm -rf dist
    run wheel "$TOOLS/bin/python" setup.py bdist_wheel
    rm -f "$OUT"/pjsua2_python-*+"$RELEASE"-"$TAG"-*.whl
    LD_LIBRARY_PATH=$LIB run auditwheel "$TOOLS/bin/auditwheel" repair -w "$OUT" dist/*.whl
}

PYTHON=${1:?the Python it is for}
PYTHON=$(command -v "$PYTHON") || fail "no $1 here"
TAG=$("$PYTHON" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')
TRIPLET=$(gcc -print-multiarch)
TOOLS=$WORK/tools-$TAG
SYSROOT=$WORK/sysroot
INCLUDE=$SYSROOT/usr/include
LIB=$SYSROOT/usr/lib/$TRIPLET
mkdir -p "$WORK/sources"
if [ ! -e "$TOOLS/ready" ] || [ "$HERE/tools.txt" -nt "$TOOLS/ready" ]; then
    say "fetching SWIG and auditwheel"
    run venv "$PYTHON" -m venv --clear "$TOOLS"
    run tools "$TOOLS/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$HERE/tools.txt"
    touch "$TOOLS/ready"
fi
PATH=$TOOLS/bin:$PATH
export PATH
unpack_packages
build_libraries
build_wheel
say "ok: $(ls "$OUT"/pjsua2_python-*+"$RELEASE"-"$TAG"-*.whl)"
