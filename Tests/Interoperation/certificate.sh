#!/bin/sh
# Makes a certificate that signs itself, for 127.0.0.1 and localhost: cert.pem and key.pem in FOLDER.
#
#     certificate.sh FOLDER
set -eu
mkdir -p "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1,DNS:localhost -keyout "$1/key.pem" -out "$1/cert.pem" 2>"$1/openssl.log" ||
    { cat "$1/openssl.log" >&2; exit 1; }
