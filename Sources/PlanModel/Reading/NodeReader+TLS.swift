import Diagnostics
import Digests
import PlanSyntax

/// `connect.tls`: judged as far as it can be without looking at the files.
extension NodeReader {
    private static let tlsKeys = KeySpace(
        owner: "'tls'",
        known: [
            "ca", "cert", "key", "server_name", "min_version", "max_version", "ciphers", "verify", "resumption", "pin",
        ])

    mutating func tls(_ entry: PlanNode.Entry) -> TLS? {
        guard let fields = fields(entry.value, of: Self.tlsKeys, example: "tls:\n  ca: certificates/ca.pem") else {
            return nil
        }
        var tls = TLS(at: entry.key.span)
        tls.ca = fields["ca"].flatMap { tlsText($0, of: "'ca'", "ca: certificates/ca.pem") }
        tls.cert = fields["cert"].flatMap { tlsText($0, of: "'cert'", "cert: certificates/client.pem") }
        tls.key = fields["key"].flatMap { tlsText($0, of: "'key'", "key: certificates/client.key") }
        let identity = "cert: certificates/client.pem\nkey: certificates/client.key"
        for (one, other) in [("cert", "key"), ("key", "cert")] {
            guard let entry = fields.entry(one), fields[other] == nil else { continue }
            reportMissing(other, of: "'tls' with '\(one)'", fields, at: entry.key.span, example: identity)
        }
        tls.serverName = fields["server_name"].flatMap { serverName($0) }
        tls.minVersion = fields["min_version"].flatMap { version($0, of: "min_version") }
        tls.maxVersion = fields["max_version"].flatMap { version($0, of: "max_version") }
        if tls.minVersion?.value == .tls13, let most = tls.maxVersion, most.value == .tls12 {
            report(.conflictingKeys, .noVersion, at: most.span, help: "leave one of them out")
        }
        tls.ciphers = fields["ciphers"].map { ciphers($0) } ?? []
        if let node = fields["verify"] { tls.verify = boolean(node, of: "'verify'", "verify: false") }
        if let node = fields["resumption"] { tls.resumption = boolean(node, of: "'resumption'", "resumption: true") }
        tls.pins = fields["pin"].map { pins($0) } ?? []
        return tls
    }

    /// Text that is handed to OpenSSL or to the system; nil where it is not known, or wrong.
    private mutating func tlsText(_ node: PlanNode, of name: String, _ example: String) -> Located<String>? {
        guard let text = knownText(node, of: name, example)?.text else { return nil }
        if text.isEmpty {
            reportEmpty(node, of: name, example: example)
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            report(.invalidName, .control(in: name), at: node.span, help: "for example:\n\(example)")
            return nil
        }
        return Located(text, at: node.span)
    }

    private mutating func serverName(_ node: PlanNode) -> Located<String>? {
        let example = "server_name: example.com"
        guard let name = tlsText(node, of: "'server_name'", example) else { return nil }
        let isName = name.value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: ":"):
                true
            default: false
            }
        }
        // 255 bytes is the most that SNI takes; a dot before it would mean any name that ends so to OpenSSL.
        guard isName, name.value.utf8.first != UInt8(ascii: "."), name.value.utf8.count <= 255 else {
            report(
                .invalidName, .serverName(name.value), at: node.span,
                help: "it is a host name or an address, without scheme and port; for example:\n\(example)")
            return nil
        }
        return name
    }

    private mutating func version(_ node: PlanNode, of key: String) -> Located<TLS.Version>? {
        choice(node, of: "'\(key)'", "\(key): 1.3", as: TLS.Version.self)
    }

    /// A list, or OpenSSL's form of one: names with colons between them.
    private mutating func ciphers(_ node: PlanNode) -> [Located<String>] {
        let example = "ciphers:\n  - TLS_AES_128_GCM_SHA256\n  - ECDHE-RSA-AES128-GCM-SHA256"
        if node.sequence?.isEmpty == true { reportEmpty(node, of: "'ciphers'", example: example) }
        return (node.sequence ?? [node]).flatMap { element -> [Located<String>] in
            guard let text = tlsText(element, of: "a cipher", example) else { return [] }
            return text.value.split(separator: ":").map { Located(String($0), at: text.span) }
        }
    }

    private mutating func pins(_ node: PlanNode) -> [[UInt8]] {
        let example = "pin: sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        if node.sequence?.isEmpty == true { reportEmpty(node, of: "'pin'", example: example) }
        return (node.sequence ?? [node]).compactMap { element in
            guard let text = knownText(element, of: "a pin", example)?.text else { return nil }
            if let digest = pinnedDigest(text) { return digest }
            report(
                .invalidPin, .notAPin(text), at: element.span,
                help:
                    "it is 'sha256/' and the SHA-256 digest of the server's public key in Base64; for example:\n\(example)"
            )
            return nil
        }
    }

    private func pinnedDigest(_ text: String) -> [UInt8]? {
        let algorithm = "sha256/"
        guard text.hasPrefix(algorithm), let digest = Base64.decode(Array(text.utf8.dropFirst(algorithm.utf8.count))),
            digest.count == 32
        else { return nil }
        return digest
    }
}

extension Diagnostic.Message {
    fileprivate static func control(in name: String) -> Self { Self("\(name) holds a control character") }

    fileprivate static func serverName(_ name: String) -> Self { Self("'\(name)' cannot be the name of a server") }

    fileprivate static let noVersion = Self("no version of TLS is left between 'min_version' and 'max_version'")

    fileprivate static func notAPin(_ text: String) -> Self { Self("'\(text)' is no pin") }
}
