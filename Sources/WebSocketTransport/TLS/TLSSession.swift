import COpenSSL
import Digests
import Glibc
import WebSocketCodec

/// The TLS of one connection (RFC 8446, RFC 5246), between its socket and everything else: steps that never wait, with
/// the results of ``Socket``. OpenSSL reads and writes the socket itself.
struct TLSSession: ~Copyable {
    /// What is spoken through TLS (RFC 7301), and the only protocol offered.
    static let applicationProtocol = "http/1.1"

    /// So many bytes one step takes from the socket at most, give or take a record: a peer that never stops sending
    /// what brings nothing forward (tickets, key updates, empty records) leaves the loop to others.
    private static let bytesPerStep: UInt64 = 64 << 10

    enum Step: Equatable {
        case done
        /// Nothing can be done before the socket can be read, or written.
        case wantsToRead
        case wantsToWrite
        /// ``failure`` says why.
        case failed
        /// The system said so of the socket; 0 is the end of the stream.
        case broken(errno: Int32)
    }

    private let context: TLSContext
    private let handle: OpaquePointer
    private let socket: OpaquePointer
    private var notes: TLSHandshakeNotes?
    /// What was told of what the socket has carried.
    private var countedSent: UInt64 = 0
    private var countedReceived: UInt64 = 0
    /// The handshake has succeeded.
    private(set) var isEstablished = false
    /// The server has asked who the client is, which had nothing to say: known when the notes are gone.
    private(set) var lacksCertificate = false
    /// Nothing more can be said: OpenSSL has given the session up, or the last word was spoken.
    private var isMute = false
    /// What every receive gives from here on.
    private var end: Int?

    /// Why TLS cannot go on, once it cannot; words that continue `no TLS with …:`.
    private(set) var failure: String?
    /// The stream ended without the peer's word that this is the end (close_notify): it may have been cut off.
    private(set) var wasCutOff = false
    /// There is something to receive of which no event of the socket tells: what OpenSSL has read beyond a full buffer, an
    /// end behind data, or the failure of a send.
    private(set) var hasUntoldInput = false
    /// Receiving cannot go on before something is written, and sending not before something is read.
    private(set) var needsToWriteToReceive = false
    private(set) var needsToReadToSend = false

    /// A session that does nothing before ``shakeHands()``; nil where there is no memory for it.
    ///
    /// - Parameter host: as the URL has it.
    init?(_ context: TLSContext, descriptor: Int32, host: String, port: UInt16) {
        guard let handle = SSL_new(context.handle) else { return nil }
        guard let socket = BIO_new_socket(descriptor, BIO_NOCLOSE) else {
            SSL_free(handle)
            return nil
        }
        // `SSL_set_bio` takes over the one reference that there is.
        SSL_set_bio(handle, socket, socket)
        var name = context.configuration.serverName ?? host
        // The dot of a fully qualified name is no part of it here (RFC 6066 §3).
        if name.utf8.count > 1, name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        guard Self.expect(name, of: handle) else {
            SSL_free(handle)
            return nil
        }
        self.context = context
        self.handle = handle
        self.socket = socket
        let notes = TLSHandshakeNotes(serverName: name)
        self.notes = notes
        SSL_set_connect_state(handle)
        SSL_set_ex_data(handle, 0, Unmanaged.passUnretained(notes).toOpaque())
        SSL_set_msg_callback(handle, TLSHandshakeNotes.noteRecord)
        BIO_set_callback_ex(socket, Self.limitReading)
        context.sessions?.prepare(handle, server: "\(name) \(host):\(port)")
    }

    deinit { SSL_free(handle) }

    var configuration: TLSConfiguration { context.configuration }

    /// The version and the cipher that both sides have settled on, for people.
    var agreement: String {
        let cipher = SSL_get_current_cipher(handle).flatMap { SSL_CIPHER_get_name($0) }
        return "\(String(cString: SSL_get_version(handle))), \(cipher.map { String(cString: $0) } ?? "no cipher")"
    }

    /// Asks for a name (SNI: RFC 6066 §3, not for addresses) and has the certificate checked for it (RFC 6125). False where
    /// there is no memory for it: without, whichever name would do.
    private static func expect(_ name: String, of handle: OpaquePointer) -> Bool {
        let parameters = SSL_get0_param(handle)
        // RFC 2818's fallback to the common name is out of use (RFC 9525 §2).
        X509_VERIFY_PARAM_set_hostflags(
            parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        if let address = IPAddress(name)?.bytes {
            return X509_VERIFY_PARAM_set1_ip(parameters, address, address.count) == 1
        }
        wsplan_SSL_set_tlsext_host_name(handle, name)
        return X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1
    }

    // MARK: Steps

    /// Goes on with the handshake.
    mutating func shakeHands() -> Step {
        begin()
        let result = SSL_do_handshake(handle)
        let code = errno
        guard result == 1 else { return step(after: result, errno: code) }
        if let refusal = refusalOfServer {
            failure = refusal
            return .failed
        }
        isEstablished = true
        SSL_set_msg_callback(handle, nil)
        SSL_set_ex_data(handle, 0, nil)
        lacksCertificate = notes?.lacksCertificate == true
        notes = nil
        return .done
    }

    /// Bytes received into `buffer`, 0 at the end of the stream, or a negated error number; EPROTO: ``failure`` says
    /// what it is.
    mutating func receive(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        hasUntoldInput = false
        needsToWriteToReceive = false
        if let end { return end }
        begin()
        defer { freeBuffers() }
        var total = 0
        while total < buffer.count {
            var count = 0
            let result = SSL_read_ex(handle, buffer.baseAddress! + total, buffer.count - total, &count)
            let code = errno
            if result == 1 {
                total += count
                // Asking for more than there is would cost a system call.
                if SSL_has_pending(handle) == 0 { return total }
                continue
            }
            switch step(after: result, errno: code) {
            case .done, .wantsToRead: break
            case .wantsToWrite: needsToWriteToReceive = true
            case .failed: end = -Int(EPROTO)
            case .broken(let code): end = -Int(code)
            }
            guard total > 0 else { return end ?? -Int(EAGAIN) }
            // What came before an end is told first, and the socket need not become readable again: a peer that has said
            // close_notify may wait for ours before it ends the connection.
            hasUntoldInput = end != nil
            return total
        }
        hasUntoldInput = SSL_has_pending(handle) == 1
        return total
    }

    /// Bytes taken, or a negated error number. Bytes that were not taken have to come first the next time; where they lie
    /// then does not matter. Of a failure, receiving tells.
    mutating func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        begin()
        needsToReadToSend = false
        var count = 0
        let result = SSL_write_ex(handle, bytes.baseAddress, bytes.count, &count)
        let code = errno
        if result == 1 { return count }
        switch step(after: result, errno: code) {
        case .wantsToRead:
            needsToReadToSend = true
            return -Int(EAGAIN)
        case .done, .wantsToWrite: return -Int(EAGAIN)
        case .failed:
            end = -Int(EPROTO)
            hasUntoldInput = true
            return -Int(EPROTO)
        case .broken(let code): return -Int(code == 0 ? EPIPE : code)
        }
    }

    /// Tells the peer that nothing more will be sent (close_notify), as far as it can be told. False: when the socket has
    /// room, it is to be called again.
    mutating func finishSending() -> Bool {
        guard isEstablished, !isMute else { return true }
        begin()
        let result = SSL_shutdown(handle)
        let code = errno
        if result < 0, case .wantsToWrite = step(after: result, errno: code) { return false }
        isMute = true
        return true
    }

    /// What the socket has carried since the last call.
    mutating func takeTraffic() -> Traffic {
        let sent = BIO_number_written(socket)
        let received = BIO_number_read(socket)
        defer {
            countedSent = sent
            countedReceived = received
        }
        return Traffic(bytesSent: sent - countedSent, bytesReceived: received - countedReceived)
    }

    /// SSL_MODE_RELEASE_BUFFERS leaves out the one to write, which a ticket has OpenSSL make: 16 KiB.
    private func freeBuffers() {
        // In the middle of a record, OpenSSL before 3.0.14 would free what it goes on to read from (CVE-2024-4741).
        let isBetweenRecords = SSL_rstate_string(handle)[1] == CChar(UInt8(ascii: "H"))
        if isBetweenRecords, SSL_has_pending(handle) == 0 { SSL_free_buffers(handle) }
    }

    // MARK: What OpenSSL answers

    private func begin() {
        // An error that is left over would be taken for that of this step (SSL_get_error(3)).
        ERR_clear_error()
        let limit = BIO_number_read(socket) + Self.bytesPerStep
        BIO_set_callback_arg(socket, UnsafeMutablePointer(bitPattern: UInt(limit)))
    }

    /// What OpenSSL calls before and after each use of the socket. Reading is put off where the step has had its share:
    /// the socket stays readable.
    private static let limitReading:
        @convention(c) (
            OpaquePointer?, Int32, UnsafePointer<CChar>?, Int, Int32, Int, Int32, UnsafeMutablePointer<Int>?
        ) -> Int = { socket, operation, _, _, _, _, result, _ in
            guard operation == BIO_CB_READ,
                BIO_number_read(socket) >= UInt64(UInt(bitPattern: BIO_get_callback_arg(socket)))
            else { return Int(result) }
            BIO_set_flags(socket, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            return -1
        }

    private mutating func step(after result: Int32, errno code: Int32) -> Step {
        switch SSL_get_error(handle, result) {
        case SSL_ERROR_WANT_READ: return .wantsToRead
        case SSL_ERROR_WANT_WRITE: return .wantsToWrite
        case SSL_ERROR_ZERO_RETURN: return .broken(errno: 0)
        case SSL_ERROR_SYSCALL:
            isMute = true
            ERR_clear_error()
            return .broken(errno: code)
        default:
            isMute = true
            let error = OpenSSLError.take()
            if error.tlsReason == SSL_R_UNEXPECTED_EOF_WHILE_READING {
                wasCutOff = true
                return .broken(errno: 0)
            }
            failure = words(for: error, notes: notes)
            return .failed
        }
    }

    /// Why the client does not want to speak with this server after all, whose certificate is valid; nil where it does.
    private var refusalOfServer: String? {
        let pins = configuration.pins
        guard let certificate = SSL_get0_peer_certificate(handle) else {
            // An anonymous cipher, which `ciphers` may let in, has nothing to verify; OpenSSL is content with that.
            return configuration.verifiesServer || !pins.isEmpty ? "it shows no certificate (anonymous cipher)" : nil
        }
        guard !pins.isEmpty else { return nil }
        guard let digest = Self.publicKeyDigest(of: certificate) else { return "its public key cannot be read" }
        return pins.contains(digest)
            ? nil : "the pin of its public key is sha256/\(Base64.encode(digest)), not the one wanted"
    }

    /// The SHA-256 digest of a certificate's SubjectPublicKeyInfo (RFC 7469 §2.4).
    private static func publicKeyDigest(of certificate: OpaquePointer) -> [UInt8]? {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded)
        guard count > 0, let encoded else { return nil }
        defer { CRYPTO_free(encoded, nil, 0) }
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { digest, length in
            var digestLength: UInt32 = 0
            guard EVP_Digest(encoded, Int(count), digest.baseAddress, &digestLength, EVP_sha256(), nil) == 1 else {
                return
            }
            length = Int(digestLength)
        }
    }
}
