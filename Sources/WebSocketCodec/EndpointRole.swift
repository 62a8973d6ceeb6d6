/// Which end of the connection we are. A client masks what it sends and refuses masked frames, a server the other
/// way round (RFC 6455 §5.1).
package enum EndpointRole: UInt8, Sendable {
    case client
    case server

    /// Written out: other modules call what the compiler makes through tables, which is 24 instructions a comparison, and this
    /// directly, which is 10.
    package static func == (one: EndpointRole, other: EndpointRole) -> Bool {
        switch (one, other) {
        case (.client, .client), (.server, .server): true
        case (.client, .server), (.server, .client): false
        }
    }
}
