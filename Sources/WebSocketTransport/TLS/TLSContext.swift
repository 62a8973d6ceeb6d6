import COpenSSL
import Digests
import Glibc

/// One configuration in OpenSSL's form (SSL_CTX): made once, before the run, because reading the certificates of the
/// system takes tens of milliseconds, and shared by all connections.
package final class TLSContext: @unchecked Sendable {
    // Sendable: OpenSSL locks what connections change in an SSL_CTX, and nothing else is changed once `init` has returned.

    package let configuration: TLSConfiguration
    let handle: OpaquePointer
    let sessions: TLSSessionCache?
    let keyLog: TLSKeyLog?

    /// Reads the files that the configuration names.
    ///
    /// - Parameter keyLog: where the secrets of all connections are written to.
    /// - Throws: where a file cannot be used, or a cipher is unknown.
    package init(_ configuration: TLSConfiguration, keyLog: TLSKeyLog? = nil) throws(TLSContextError) {
        guard OpenSSLLibrary.isReady, let handle = SSL_CTX_new(TLS_client_method()) else {
            throw TLSContextError(.library, "OpenSSL cannot be used: \(OpenSSLError.take().reason)")
        }
        self.configuration = configuration
        self.handle = handle
        self.keyLog = keyLog
        sessions = configuration.resumesSessions ? TLSSessionCache() : nil
        setManners()
        setVersions()
        try setCiphers()
        try setTrust()
        if let identity = configuration.identity { try setIdentity(identity) }
        SSL_CTX_set_ex_data(handle, 0, Unmanaged.passUnretained(self).toOpaque())
        setCallbacks()
        // The first random bytes of a process take their time, which a handshake would be measured with.
        var byte: UInt8 = 0
        RAND_bytes(&byte, 1)
    }

    deinit { SSL_CTX_free(handle) }

    /// The context that a connection was made with. Connections keep theirs alive.
    static func of(_ connection: OpaquePointer?) -> TLSContext? {
        guard let handle = SSL_get_SSL_CTX(connection), let context = SSL_CTX_get_ex_data(handle, 0) else { return nil }
        return Unmanaged<TLSContext>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: What the configuration says nothing about

    private func setManners() {
        // A partial write is taken for what it is, the rest may have moved meanwhile, and a connection that is idle has no
        // buffers (34 KiB of them otherwise).
        wsplan_SSL_CTX_set_mode(
            handle,
            Int(SSL_MODE_ENABLE_PARTIAL_WRITE) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
                | Int(SSL_MODE_RELEASE_BUFFERS))
        // Head and body of a record, and the records behind it, in one read(2).
        wsplan_SSL_CTX_set_read_ahead(handle, 1)
        SSL_CTX_set_options(handle, wsplan_SSL_OP_NO_RENEGOTIATION)
        // A configuration of the system may have turned it on; the end of a stream would be the same as a stream cut off.
        SSL_CTX_clear_options(handle, wsplan_SSL_OP_IGNORE_UNEXPECTED_EOF)
        // RFC 7301 §3.1: one name, and its length before it. RFC 6455 needs HTTP/1.1.
        let protocols = [UInt8(TLSSession.applicationProtocol.utf8.count)] + TLSSession.applicationProtocol.utf8
        SSL_CTX_set_alpn_protos(handle, protocols, UInt32(protocols.count))
        // Sessions are kept by `TLSSessionCache`, or not at all.
        wsplan_SSL_CTX_set_session_cache_mode(
            handle, Int(sessions == nil ? SSL_SESS_CACHE_OFF : SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
    }

    private func setCallbacks() {
        SSL_CTX_set_verify(
            handle, configuration.verifiesServer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
            configuration.verifiesServer ? TLSHandshakeNotes.noteProblem : nil)
        SSL_CTX_set_cert_cb(handle, TLSHandshakeNotes.noteCertificateRequest, nil)
        if sessions != nil { SSL_CTX_sess_set_new_cb(handle, TLSSessionCache.keep) }
        if keyLog != nil { SSL_CTX_set_keylog_callback(handle, TLSKeyLog.log) }
    }

    // MARK: What it says

    private func setVersions() {
        wsplan_SSL_CTX_set_min_proto_version(handle, configuration.versions.lowerBound.number)
        wsplan_SSL_CTX_set_max_proto_version(handle, configuration.versions.upperBound.number)
    }

    private func setCiphers() throws(TLSContextError) {
        let suites = configuration.ciphers.filter { $0.hasPrefix("TLS_") }
        let list = configuration.ciphers.filter { !$0.hasPrefix("TLS_") }
        // Each by itself first: of a list OpenSSL leaves out what it does not know without a word.
        for suite in suites where SSL_CTX_set_ciphersuites(handle, suite) != 1 || !hasSuite(suite) {
            throw unknownCipher(suite, "a cipher suite of TLS 1.3")
        }
        for cipher in list where !"!-+@".contains(cipher.first ?? "!") && SSL_CTX_set_cipher_list(handle, cipher) != 1 {
            throw unknownCipher(cipher, "a cipher of TLS 1.2")
        }
        if !suites.isEmpty { SSL_CTX_set_ciphersuites(handle, suites.joined(separator: ":")) }
        guard !list.isEmpty, SSL_CTX_set_cipher_list(handle, list.joined(separator: ":")) != 1 else { return }
        throw TLSContextError(.ciphers, "no cipher is left of '\(list.joined(separator: ":"))'")
    }

    private func unknownCipher(_ name: String, _ kind: String) -> TLSContextError {
        ERR_clear_error()
        return TLSContextError(.ciphers, "'\(name)' is not \(kind) that this OpenSSL has")
    }

    private func hasSuite(_ name: String) -> Bool {
        let all = SSL_CTX_get_ciphers(handle)
        return (0..<OPENSSL_sk_num(all)).contains { index in
            SSL_CIPHER_get_name(OpaquePointer(OPENSSL_sk_value(all, index))).map { String(cString: $0) } == name
        }
    }

    private func setTrust() throws(TLSContextError) {
        guard let file = configuration.authoritiesFile else {
            guard configuration.verifiesServer else { return }
            // Only a lack of memory makes this fail; a machine without certificates trusts nobody.
            SSL_CTX_set_default_verify_paths(handle)
            ERR_clear_error()
            return
        }
        try checkReadable(file, .authorities)
        guard SSL_CTX_load_verify_file(handle, file) == 1 else {
            throw TLSContextError(
                .authorities, file, "holds no certificate in PEM form (\(OpenSSLError.take().reason))")
        }
        // Whatever is in the file is trusted as it is, also one that another has issued.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(handle), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }

    private func setIdentity(_ identity: TLSConfiguration.Identity) throws(TLSContextError) {
        let (certificate, key) = (identity.certificateFile, identity.keyFile)
        if let error = try read(certificate, .certificate, by: { SSL_CTX_use_certificate_chain_file($0, $1) }) {
            throw TLSContextError(
                .certificate, certificate, "holds no usable certificate in PEM form (\(error.reason))")
        }
        let error = try read(key, .key, by: { SSL_CTX_use_PrivateKey_file($0, $1, SSL_FILETYPE_PEM) })
        if let error, !error.isKeyMismatch {
            throw TLSContextError(.key, key, "holds no usable private key in PEM form (\(error.reason))")
        }
        guard error == nil, SSL_CTX_check_private_key(handle) == 1 else {
            ERR_clear_error()
            throw TLSContextError(.key, key, "is not the key of the certificate in '\(certificate)'")
        }
    }

    /// Has OpenSSL read a file; gives what it has to say against it.
    private func read(
        _ path: String, _ subject: TLSContextError.Subject,
        by function: (OpaquePointer, UnsafePointer<CChar>) -> Int32
    ) throws(TLSContextError) -> OpenSSLError? {
        try checkReadable(path, subject)
        // Without this OpenSSL would ask for the password on the terminal.
        var isEncrypted = false
        let result = withUnsafeMutablePointer(to: &isEncrypted) { flag in
            SSL_CTX_set_default_passwd_cb_userdata(handle, flag)
            SSL_CTX_set_default_passwd_cb(handle) { _, _, _, flag in
                flag?.assumingMemoryBound(to: Bool.self).pointee = true
                return -1
            }
            defer { SSL_CTX_set_default_passwd_cb_userdata(handle, nil) }
            return function(handle, path)
        }
        let error = result == 1 ? nil : OpenSSLError.take()
        if isEncrypted { throw TLSContextError(subject, path, "is encrypted: files are read without a password") }
        return error
    }

    /// The largest file that is read: a hundred times what systems trust.
    private static let largestFile = 16 << 20

    /// Has the system say what is wrong with a file before OpenSSL does, whose words are about its own functions.
    private func checkReadable(_ path: String, _ subject: TLSContextError.Subject) throws(TLSContextError) {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
            throw TLSContextError(subject, path, "cannot be read: \(errorText(errno))")
        }
        // Reading a pipe could last for ever.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw TLSContextError(subject, path, "is not a regular file")
        }
        guard status.st_size <= Self.largestFile else {
            throw TLSContextError(subject, path, "is larger than \(Self.largestFile >> 20) MiB")
        }
    }
}

/// Why a configuration cannot be used.
package struct TLSContextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What of the configuration it is about.
    package enum Subject: Hashable, Sendable {
        case authorities
        case certificate
        case key
        case ciphers
        /// Nothing in it: OpenSSL itself.
        case library
    }

    package var subject: Subject
    /// What is wrong, with the path of the file: one line, no final full stop.
    package var reason: String

    init(_ subject: Subject, _ reason: String) {
        self.subject = subject
        self.reason = reason
    }

    init(_ subject: Subject, _ path: String, _ problem: String) {
        self.init(subject, "'\(path)' \(problem)")
    }

    package var description: String { reason }
}

extension TLSConfiguration.Version {
    /// As it is on the wire.
    fileprivate var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
