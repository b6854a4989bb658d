# Functions of the demonstration job; sourced by build.sh.

registry=https://registry.npmjs.org

step() {
  printf '== %s\n' "$*"
}

say() {
  printf '   %s\n' "$*"
}

indent() {
  sed 's/^/   /'
}

stop() {
  printf 'demo-job: %s\n' "$*" >&2
  exit 1
}

make_home() {
  mkdir -p "$HOME/.aws"
  cat > "$HOME/.aws/credentials" << 'END'
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
END
}

fetch_source() {
  git clone --quiet https://github.com/acme/app.git "$1" ||
    stop "no checkout: github.com is not reachable, or this does not run in the lab (README.md)"
}

# fetch_package NAME FOLDER: what a package manager does: metadata, tarball, integrity, unpack.
fetch_package() {
  curl --silent --show-error --fail --max-time 10 --output package.json.meta "$registry/$1" ||
    stop "no metadata of $1 from $registry"
  version=$(field package.json.meta latest)
  integrity=$(field package.json.meta integrity)
  curl --silent --show-error --fail --max-time 10 --output package.tgz \
    "$registry/$1/-/$1-$version.tgz" || stop "no tarball of $1 $version from $registry"
  digest=$(openssl dgst -sha512 -binary package.tgz | openssl base64 -A)
  [ "sha512-$digest" = "$integrity" ] ||
    stop "$1 $version: expected $integrity, got sha512-$digest"
  mkdir -p "$2"
  tar -xzf package.tgz --strip-components=1 -C "$2"
  rm package.tgz package.json.meta
  say "$1 $version, its sha512 is the registry's"
}

# field FILE NAME: the value of a string in the registry's metadata.
field() {
  sed -n "s/.*\"$2\": *\"\([^\"]*\)\".*/\1/p" "$1" | head -n 1
}

# run_install_script FOLDER: as npm would, with INIT_CWD the project's folder.
run_install_script() {
  script=$(field "$1/package.json" postinstall)
  INIT_CWD=$PWD
  export INIT_CWD
  (cd "$1" && "$script") | indent
}
