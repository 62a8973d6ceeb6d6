import COpenSSL

/// The SHA-1 digest of `bytes` (FIPS 180-4), 20 bytes. RFC 6455 §4.2.2 needs it for `Sec-WebSocket-Accept`.
package func sha1(_ bytes: [UInt8]) -> [UInt8] {
    digest(bytes, with: sha1Algorithm)
}

/// The SHA-256 digest of `bytes` (FIPS 180-4), 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    digest(bytes, with: sha256Algorithm)
}

/// The code that proves `bytes` to come from someone who has `key` (RFC 2104), with SHA-256: 32 bytes. A key may have any
/// length.
package func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { output, count in
        var length: UInt32 = 0
        guard
            HMAC(sha256Algorithm, key, Int32(key.count), bytes, bytes.count, output.baseAddress, &length) != nil
        else { preconditionFailure("OpenSSL has no HMAC with SHA-256") }
        count = Int(length)
    }
}

/// Loads what the digests need. The first of a process otherwise takes milliseconds, which a handshake's timing would
/// show as the server's.
package func prepareDigests() {
    _ = sha1Algorithm
    _ = sha256Algorithm
}

// Fetched once: with `EVP_sha1` OpenSSL looks the algorithm up for every digest (crypto(7), Performance). Never freed
// and never changed, so all threads may use them.
private nonisolated(unsafe) let sha1Algorithm = fetch("SHA1")
private nonisolated(unsafe) let sha256Algorithm = fetch("SHA256")

private func fetch(_ name: String) -> OpaquePointer? {
    OpenSSLLibrary.isReady ? EVP_MD_fetch(nil, name, nil) : nil
}

/// One digest of a whole message by OpenSSL (EVP_Digest(3)).
private func digest(_ bytes: [UInt8], with algorithm: OpaquePointer?) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { output, count in
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, output.baseAddress, &length, algorithm, nil) == 1 else {
            preconditionFailure("OpenSSL has no such digest")
        }
        count = Int(length)
    }
}
