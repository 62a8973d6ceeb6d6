import Glibc
import Synchronization
package import WebSocketCodec

/// Addresses of this machine that connections go out from, one after the other. All loops share one.
package final class LocalAddressPool: Sendable {
    private let ranges: [AddressRange]
    private let turns = Atomic<Int>(0)

    package init(_ ranges: [AddressRange]) { self.ranges = ranges }

    /// The turn of one more connection.
    func takeTurn() -> Int { turns.wrappingAdd(1, ordering: .relaxed).oldValue & .max }

    /// The address of a turn, among those that can speak to `family`; nil where there is none, or where the family is that
    /// of Unix domain sockets.
    package func address(family: Int32, turn: Int) -> SocketAddress? {
        let candidates = ranges.filter { $0.first.family.systemFamily == family }
        let count = candidates.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        var index = turn % count
        for range in candidates {
            if index < range.count { return SocketAddress(range[index], port: 0) }
            index -= range.count
        }
        preconditionFailure("a turn beyond \(count) addresses")
    }
}

extension IPAddress.Family {
    fileprivate var systemFamily: Int32 { self == .v4 ? AF_INET : AF_INET6 }
}
