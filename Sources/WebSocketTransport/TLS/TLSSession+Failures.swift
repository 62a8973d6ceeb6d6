import COpenSSL

// The words of failures. Alerts are those of RFC 8446 §6.2; OpenSSL gives each a reason of its own.
extension TLSSession {
    /// What has gone wrong, in words that continue `no TLS with …:`.
    func words(for error: OpenSSLError, notes: TLSHandshakeNotes?) -> String {
        guard let reason = error.tlsReason else { return error.reason }
        let lacksCertificate = notes?.lacksCertificate ?? lacksCertificate
        let refusedCertificate = { (why: String) in
            lacksCertificate ? Self.missingCertificate : "it does not accept the client's certificate (\(why))"
        }
        switch reason {
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            return notes?.certificateProblem ?? "its certificate is not accepted"
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
            return notes?.firstBytes.map { Self.words(forNoTLS: $0) } ?? error.reason
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_WRONG_SSL_VERSION,
            SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH:
            return "it does not speak \(versionsInWords)"
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return Self.missingCertificate
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
            return lacksCertificate
                ? Self.missingCertificate
                : "it refuses the handshake (handshake failure): it may have no cipher in common with this client"
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE: return refusedCertificate("bad certificate")
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: return refusedCertificate("unsupported certificate")
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED: return refusedCertificate("certificate revoked")
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return refusedCertificate("certificate expired")
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN: return refusedCertificate("certificate unknown")
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return refusedCertificate("unknown CA")
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED: return refusedCertificate("access denied")
        case SSL_R_TLSV1_UNRECOGNIZED_NAME: return "it knows no server of this name (unrecognized name)"
        case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
            return "it does not speak \(Self.applicationProtocol) (no application protocol)"
        case SSL_R_BAD_EXTENSION: return "it answers an extension of TLS with what was not offered (bad extension)"
        case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
            return "what it sent was changed on its way (bad record MAC)"
        case 1_000..<2_000:
            // SSL_AD_REASON_OFFSET: the alerts that are left.
            return "it refuses to go on: \(error.reason)"
        default: return error.reason
        }
    }

    private static let missingCertificate =
        "it wants a client certificate, and there is none ('cert' and 'key' of 'tls')"

    /// What the first bytes of a peer say that are no TLS record.
    private static func words(forNoTLS bytes: [UInt8]) -> String {
        bytes.starts(with: "HTTP".utf8)
            ? "it does not speak TLS: it answers with plain HTTP (ws:// is the scheme without TLS)"
            : "it does not speak TLS: what it sends is no TLS record"
    }

    private var versionsInWords: String {
        let versions = configuration.versions
        return versions.lowerBound == versions.upperBound
            ? "TLS \(versions.lowerBound.rawValue)"
            : "TLS \(versions.lowerBound.rawValue) or \(versions.upperBound.rawValue)"
    }
}
