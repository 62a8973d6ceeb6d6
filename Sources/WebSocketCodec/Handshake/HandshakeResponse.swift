/// A server's answer to the opening request, whatever its status.
package struct HandshakeResponse: Hashable, Sendable {
    package var status: Int
    package var reasonPhrase: String
    package var headers: HTTPHeaders
    /// The start of the body, `HandshakeResponseParser.maximumBodySize` bytes at most; empty for status 101.
    package var body: [UInt8]

    /// What the server says about the subprotocol; only verified where `HandshakeRequest.verify` has passed.
    package var subprotocol: String? { headers["Sec-WebSocket-Protocol"] }
}
