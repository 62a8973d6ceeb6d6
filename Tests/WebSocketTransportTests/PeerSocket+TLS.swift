import COpenSSL
import Glibc
import WebSocketTransport

/// A peer's end of TLS. Everything that a peer reads and writes goes through it once it has begun.
final class PeerTLS {
    let ssl: OpaquePointer

    init?(_ descriptor: Int32, _ context: OpaquePointer) {
        ssl = SSL_new(context)
        SSL_set_fd(ssl, descriptor)
        guard SSL_accept(ssl) == 1 else { return nil }
    }

    deinit { SSL_free(ssl) }

    /// Contexts of servers with a certificate of their own making, never freed.
    nonisolated(unsafe) static let context = makeContext()
    /// One that shows no certificate to clients that do without (RFC 4492 §2.5), as TLS 1.2 can.
    nonisolated(unsafe) static let contextWithoutCertificate: OpaquePointer = {
        guard let context = SSL_CTX_new(TLS_server_method()),
            wsplan_SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, "AECDH-AES128-SHA:@SECLEVEL=0") == 1
        else { preconditionFailure("OpenSSL cannot make a server") }
        return context
    }()
    /// One that selects a protocol that nobody has offered (RFC 7301 §3.2 forbids it).
    nonisolated(unsafe) static let contextWithForeignProtocol: OpaquePointer = {
        let context = makeContext()
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, selected, length, _, _, _ in
                selected?.pointee = foreignProtocol
                length?.pointee = 2
                return SSL_TLSEXT_ERR_OK
            }, nil)
        return context
    }()
    nonisolated(unsafe) private static let foreignProtocol: UnsafePointer<UInt8> = {
        let name = UnsafeMutablePointer<UInt8>.allocate(capacity: 2)
        name[0] = UInt8(ascii: "h")
        name[1] = UInt8(ascii: "2")
        return UnsafePointer(name)
    }()

    private static func makeContext() -> OpaquePointer {
        var key: OpaquePointer?
        let generator = EVP_PKEY_CTX_new_from_name(nil, "ED25519", nil)
        EVP_PKEY_keygen_init(generator)
        EVP_PKEY_generate(generator, &key)
        EVP_PKEY_CTX_free(generator)
        let certificate = X509_new()
        X509_set_version(certificate, 2)
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3_600)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3_600)
        X509_set_pubkey(certificate, key)
        X509_sign(certificate, key, nil)
        guard let context = SSL_CTX_new(TLS_server_method()), SSL_CTX_use_certificate(context, certificate) == 1,
            SSL_CTX_use_PrivateKey(context, key) == 1
        else { preconditionFailure("OpenSSL cannot make a server") }
        return context
    }
}

extension PeerSocket {
    /// Begins to speak TLS. False where the client does not go along.
    @discardableResult
    func secure(_ context: OpaquePointer = PeerTLS.context) -> Bool {
        tls = PeerTLS(descriptor, context)
        return tls != nil
    }

    /// Bytes that were taken; at the end of the connection none or a negative number.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let tls else { return Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        return Int(SSL_write(tls.ssl, bytes.baseAddress, Int32(bytes.count)))
    }

    /// Waits for so many bytes; fewer at the end.
    func receive(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
        guard let tls else { return recv(descriptor, bytes, count, Int32(MSG_WAITALL)) }
        var total = 0
        while total < count {
            let step = SSL_read(tls.ssl, bytes + total, Int32(count - total))
            guard step > 0 else { return total }
            total += Int(step)
        }
        return total
    }

    /// Has new keys agreed upon (RFC 8446 §4.6.3), and the client asked for its own. False when it is gone.
    func updateKeys() -> Bool {
        guard let tls else { return false }
        return SSL_key_update(tls.ssl, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(tls.ssl) == 1
    }

    /// Changes this side's keys alone, of which the client has nothing to say. False when it is gone.
    func promiseNewKeys() -> Bool {
        guard let tls else { return false }
        return SSL_key_update(tls.ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(tls.ssl) == 1
    }

    /// Bytes and close_notify, as one packet.
    func endTLS(behind bytes: [UInt8]) {
        var isHeldBack: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &isHeldBack, socklen_t(MemoryLayout<Int32>.size))
        write(bytes)
        if let tls { SSL_shutdown(tls.ssl) }
        isHeldBack = 0
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &isHeldBack, socklen_t(MemoryLayout<Int32>.size))
    }

    /// close_notify, and what the client says to it: true where that is the same.
    func endTLS() -> Bool {
        guard let tls else { return false }
        if SSL_shutdown(tls.ssl) == 1 { return true }
        return SSL_shutdown(tls.ssl) == 1
    }
}
