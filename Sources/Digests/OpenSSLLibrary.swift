import COpenSSL

/// OpenSSL, made ready for this process.
package enum OpenSSLLibrary {
    /// Whether OpenSSL can be used; to be asked before anything else of it is.
    ///
    /// It frees nothing when the process exits. By default it would (OPENSSL_init_crypto(3), `OPENSSL_INIT_NO_ATEXIT`), and
    /// pull the rug from under the threads that speak TLS while `exit` runs.
    package static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
}
