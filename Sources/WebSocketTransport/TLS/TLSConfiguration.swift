/// How connections speak TLS, as far as it is the same for all of them. ``TLSContext`` is OpenSSL's form of it.
package struct TLSConfiguration: Hashable, Sendable {
    /// Versions before 1.2 are not spoken (RFC 8996).
    package enum Version: String, CaseIterable, Comparable, Sendable {
        case tls12 = "1.2"
        case tls13 = "1.3"

        package static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
    }

    /// Who the client says it is: files in PEM form.
    package struct Identity: Hashable, Sendable {
        /// The certificate, and behind it those that lead to one that the server trusts.
        package var certificateFile: String
        /// The private key of that certificate, not encrypted.
        package var keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// The certificates that are trusted, a file in PEM form; nil for those of the system.
    package var authoritiesFile: String?
    package var identity: Identity?
    /// The name that is asked for (SNI) and that the certificate has to have; nil for the host of the URL.
    package var serverName: String?
    package var versions = Version.tls12...Version.tls13
    /// In OpenSSL's names. Those that begin with `TLS_` are suites of TLS 1.3, the others make up the list for TLS 1.2;
    /// where one of the two is empty, it is OpenSSL's own.
    package var ciphers: [String] = []
    /// Whether a certificate has to be valid, trusted and the server's own.
    package var verifiesServer = true
    /// Whether a connection goes on with the session of an earlier one to the same server.
    package var resumesSessions = false
    /// SHA-256 digests of public keys, as SubjectPublicKeyInfo (RFC 7469 §2.4). Unless there are none, the server's own
    /// has to be among them.
    package var pins: [[UInt8]] = []

    package init() {}
}
