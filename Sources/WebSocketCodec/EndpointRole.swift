/// Which end of the connection we are. A client masks what it sends and refuses masked frames, a server the other
/// way round (RFC 6455 §5.1).
package enum EndpointRole: UInt8, Sendable {
    case client
    case server
}
