import COpenSSL

/// The SHA-1 digest of `bytes` (FIPS 180-4), 20 bytes. RFC 6455 §4.2.2 needs it for `Sec-WebSocket-Accept`.
package func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] {
    digest(Array(bytes), with: sha1Algorithm)
}

/// Loads what the digests need. The first of a process otherwise takes milliseconds, which a handshake's timing would
/// show as the server's.
package func prepareDigests() { _ = sha1Algorithm }

/// Fetched once: with `EVP_sha1` OpenSSL looks the algorithm up for every digest (crypto(7), Performance). Never freed
/// and never changed, so all threads may use it.
private nonisolated(unsafe) let sha1Algorithm = OpenSSLLibrary.isReady ? EVP_MD_fetch(nil, "SHA1", nil) : nil

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
