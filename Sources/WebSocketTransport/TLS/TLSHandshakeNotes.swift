import COpenSSL

/// What is learnt in the course of one handshake and makes the words of its failure. OpenSSL calls back with it; it lives
/// as long as the handshake.
final class TLSHandshakeNotes {
    /// The name, or the address, that the certificate has to have.
    let serverName: String
    /// What is wrong with the server's certificate.
    private(set) var certificateProblem: String?
    /// The server has asked who the client is, which has nothing to say.
    private(set) var lacksCertificate = false
    /// How the first record of the server begins, which may be none.
    private(set) var firstBytes: [UInt8]?

    init(serverName: String) { self.serverName = serverName }

    private static func of(_ connection: OpaquePointer?) -> TLSHandshakeNotes? {
        SSL_get_ex_data(connection, 0).map { Unmanaged<TLSHandshakeNotes>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What OpenSSL calls with each certificate it has judged; 0 ends the handshake.
    static let noteProblem: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isValid, judgement in
        guard isValid != 1 else { return 1 }
        let connection = X509_STORE_CTX_get_ex_data(judgement, SSL_get_ex_data_X509_STORE_CTX_idx())
        if let judgement, let notes = of(connection.map { OpaquePointer($0) }) {
            notes.certificateProblem = CertificateJudgement(judgement).problem(of: notes.serverName)
        }
        return 0
    }

    /// What OpenSSL calls when the server asks for the client's certificate; 1 has the handshake go on.
    static let noteCertificateRequest: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = {
        connection, _ in
        if SSL_get_certificate(connection) == nil { of(connection)?.lacksCertificate = true }
        return 1
    }

    /// What OpenSSL calls with the head of each record, and with each message of the handshake.
    static let noteRecord:
        @convention(c) (
            Int32, Int32, Int32, UnsafeRawPointer?, Int, OpaquePointer?, UnsafeMutableRawPointer?
        ) -> Void = { isSent, _, type, bytes, count, connection, _ in
            guard isSent == 0, type == SSL3_RT_HEADER, let notes = of(connection), notes.firstBytes == nil else {
                return
            }
            notes.firstBytes = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        }
}
