package import Diagnostics
import Expressions

/// `connect.tls`: how connections to `wss` addresses speak TLS.
package struct TLS: Sendable {
    package enum Version: String, CaseIterable, Sendable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// The key of the mapping.
    package var span: SourceSpan
    /// The file of the certificates that are trusted instead of the system's, as written: relative to the plan.
    package var ca: Located<String>?
    /// The file of the client's certificate, as written.
    package var cert: Located<String>?
    /// The file of its private key, as written.
    package var key: Located<String>?
    /// What the server is called, where it is not the host of the address.
    package var serverName: Located<String>?
    package var minVersion: Located<Version>?
    package var maxVersion: Located<Version>?
    /// In OpenSSL's names: those that begin with `TLS_` for TLS 1.3, the others for TLS 1.2.
    package var ciphers: [Located<String>] = []
    /// Whether the server's certificate has to be valid, trusted and its own.
    package var verify = true
    /// Whether a session may go on with the TLS session of an earlier one.
    package var resumption = false
    /// SHA-256 digests, one of which the server's public key has to have.
    package var pins: [[UInt8]] = []

    package init(at span: SourceSpan) { self.span = span }
}

extension Scenario {
    /// Whether no connection of it can be one with TLS, whatever its variables are. The embedded server has none; another
    /// one may lead from an address without to one with.
    package var isWithoutTLS: Bool {
        let beginning = url.source.text.prefix { $0 != ":" && $0 != "$" }.lowercased()
        return connectsToEmbeddedServer || (beginning == "ws" || beginning == "ws+unix") && connect.redirectLimit == 0
    }

    package var connectsToEmbeddedServer: Bool { url.references.contains { $0.root == "server" } }
}
