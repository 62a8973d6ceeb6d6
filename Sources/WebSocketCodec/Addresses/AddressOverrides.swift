/// Where to connect to instead of where a name leads: `host[:port]` → addresses, as `curl --resolve` and `--connect-to` have
/// it. A name with its port comes before the name alone.
package struct AddressOverrides: Hashable, Sendable {
    /// An address to connect to, and a port in the place of the URL's.
    package struct Endpoint: Hashable, Sendable {
        package let address: IPAddress
        package let port: UInt16?

        /// `127.0.0.1`, `::1`, `127.0.0.1:8080`, `[::1]:8080`
        package init(_ text: String) throws(AddressSyntaxError) {
            guard let parts = HostAndPort(text), let address = IPAddress(parts.host) else {
                throw AddressSyntaxError(
                    "'\(text)' is no IP address, with or without a port",
                    help: "for example 127.0.0.1, 127.0.0.1:8080 or [::1]:8080")
            }
            self.address = address
            port = parts.port
        }
    }

    private var endpoints: [HostAndPort: [Endpoint]] = [:]

    package init() {}

    package var isEmpty: Bool { endpoints.isEmpty }

    /// - Parameter key: `example.com`, `example.com:443`, `[::1]:443`
    /// - Throws: where `key` is no host, or is there already.
    package mutating func add(_ key: String, _ new: [Endpoint]) throws(AddressSyntaxError) {
        guard let place = HostAndPort(key) else {
            throw AddressSyntaxError(
                "'\(key)' is no host, with or without a port", help: "for example example.com or example.com:443")
        }
        guard endpoints.updateValue(new, forKey: place) == nil else {
            throw AddressSyntaxError("'\(key)' is there twice", help: "name a host once, with a list of its addresses")
        }
    }

    /// The endpoints for a host, none where nothing is said about it.
    package func endpoints(of host: String, port: UInt16) -> [Endpoint] {
        guard !endpoints.isEmpty else { return [] }
        return endpoints[HostAndPort(host: host, port: port)] ?? endpoints[HostAndPort(host: host, port: nil)] ?? []
    }
}

/// A host and perhaps a port behind it. Names compare without regard to case.
private struct HostAndPort: Hashable {
    let host: String
    let port: UInt16?

    init(host: String, port: UInt16?) {
        // An address has one form.
        self.host = IPAddress(host)?.description ?? asciiLowercased(host)
        self.port = port
    }

    init?(_ text: String) {
        // Without brackets, more than one colon can only be those of an address.
        if IPAddress(text) != nil {
            self.init(host: text, port: nil)
            return
        }
        guard let url = try? WebSocketURL("ws://\(text)"), url.userInfo == nil, url.target == "/",
            !text.utf8.contains(where: { "/?".utf8.contains($0) }), text.utf8.last != UInt8(ascii: ":")
        else { return nil }
        let hasPort = text.utf8.last.map(\.isASCIIDigit) == true && Self.endsInPort(text)
        self.init(host: url.host, port: hasPort ? url.port : nil)
    }

    /// Whether what follows the last colon is a port, and not the end of an address in brackets.
    private static func endsInPort(_ text: String) -> Bool {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return false }
        return !text.utf8[colon...].contains(UInt8(ascii: "]"))
    }
}
