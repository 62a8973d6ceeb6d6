import COpenSSL

/// The SHA-1 digest of `bytes` (FIPS 180-4), 20 bytes. RFC 6455 §4.2.2 needs it for `Sec-WebSocket-Accept`.
package func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] {
    digest(Array(bytes), with: EVP_sha1())
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
