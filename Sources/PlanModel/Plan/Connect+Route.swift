package import WebSocketCodec

extension Connect {
    /// By which way connections go to their target: `proxy`, `resolve` and `local_addresses`. It is the same for all
    /// sessions.
    package struct Route: Hashable, Sendable {
        /// Nil: connect directly.
        package var proxy: ProxyURL?
        package var overrides = AddressOverrides()
        /// Taken in turn; empty: the system chooses.
        package var localAddresses: [AddressRange] = []

        package init() {}
    }
}
