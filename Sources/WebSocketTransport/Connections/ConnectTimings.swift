/// How long the steps of opening a connection took.
package struct ConnectTimings: Hashable, Sendable {
    /// Looking the name up; 0 for a literal and for a name that was known.
    package var dnsNanoseconds: Int64 = 0
    /// From the first address tried to the connection to the one that answered.
    package var tcpNanoseconds: Int64 = 0
    /// The TLS handshake; nil where there was none.
    package var tlsNanoseconds: Int64?
    /// From the request to its complete answer.
    package var upgradeNanoseconds: Int64 = 0
    /// From the call of `connect` to the complete answer.
    package var totalNanoseconds: Int64 = 0

    package init() {}
}
