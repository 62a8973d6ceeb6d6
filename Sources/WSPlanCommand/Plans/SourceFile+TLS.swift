import Diagnostics
import PlanModel
import PlanSyntax
import WebSocketTransport

/// What `connect.tls` of a plan means to the transport.
extension SourceFile {
    /// The configuration of a scenario's connections, its paths as they are from the working directory.
    func tls(of scenario: Scenario) -> TLSConfiguration {
        var configuration = TLSConfiguration()
        guard let tls = scenario.connect.tls else { return configuration }
        configuration.authoritiesFile = tls.ca.map { path(of: $0.value) }
        if let certificate = tls.cert, let key = tls.key {
            configuration.identity = TLSConfiguration.Identity(
                certificateFile: path(of: certificate.value), keyFile: path(of: key.value))
        }
        configuration.serverName = tls.serverName?.value
        let least = tls.minVersion.map { TLSConfiguration.Version($0.value) } ?? .tls12
        let most = tls.maxVersion.map { TLSConfiguration.Version($0.value) } ?? .tls13
        configuration.versions = least...max(least, most)
        configuration.ciphers = tls.ciphers.map(\.value)
        configuration.verifiesServer = tls.verify
        configuration.resumesSessions = tls.resumption
        configuration.pins = tls.pins
        return configuration
    }

    /// Why the configuration cannot be used, found out by using it; nil where it can.
    func unusableTLS(of scenario: Scenario) -> Diagnostic? {
        guard let written = scenario.connect.tls else { return nil }
        var configuration = tls(of: scenario)
        // The certificates of the system take tens of milliseconds, and are no matter of the plan.
        if configuration.authoritiesFile == nil { configuration.verifiesServer = false }
        do throws(TLSContextError) {
            _ = try TLSContext(configuration)
            return nil
        } catch {
            let (place, help): (SourceSpan?, String?) =
                switch error.subject {
                case .authorities: (written.ca?.span, certificateHelp(of: "ca"))
                case .certificate: (written.cert?.span, certificateHelp(of: "cert"))
                case .key: (written.key?.span, "'key' is a file with the private key of 'cert', not encrypted")
                case .ciphers: (written.ciphers.first?.span, "'openssl ciphers -s' lists those there are")
                case .library: (nil, nil)
                }
            return Diagnostic(
                .unusableTLS, Diagnostic.Message(error.reason), at: place ?? written.span, help: help)
        }
    }

    private func certificateHelp(of key: String) -> String {
        "'\(key)' is a file with certificates (-----BEGIN CERTIFICATE-----); its path is relative to the plan"
    }

    /// A path that the plan names, which is relative to the plan's folder. It may lead anywhere: certificates lie where the
    /// machine keeps them, and nothing of such a file is ever sent or shown.
    private func path(of written: String) -> String {
        guard !written.hasPrefix("/"), name != Self.standardInputName, let slash = name.lastIndex(of: "/") else {
            return written
        }
        return name[...slash] + written
    }
}

extension TLSConfiguration.Version {
    fileprivate init(_ version: PlanModel.TLS.Version) {
        switch version {
        case .tls12: self = .tls12
        case .tls13: self = .tls13
        }
    }
}
