/// What a client asks of a proxy: a tunnel to a host (RFC 9110 §9.3.6).
package struct TunnelRequest: Hashable, Sendable {
    private let head: String

    /// - Parameters:
    ///   - host: a name or address, IPv6 without brackets.
    ///   - authorization: the value of `Proxy-Authorization`.
    package init(toHost host: String, port: UInt16, authorization: String?) {
        let authority = (host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host) + ":\(port)"
        let credentials = authorization.map { "Proxy-Authorization: \($0)\r\n" } ?? ""
        head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\(credentials)\r\n"
    }

    package func append(to output: inout ByteBuffer) { output.append(head) }
}
