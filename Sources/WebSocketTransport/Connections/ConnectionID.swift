/// Names one connection of one ``EventLoop`` for as long as the process runs: a place in the loop's table and the
/// generation of that place, so that what is late for a connection that ended never reaches the next one in its place.
package struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    /// The form in which epoll and the timers carry it.
    let rawValue: UInt64

    /// Written out: other modules call what the compiler makes through tables, which is 24 instructions a comparison, and this
    /// directly, which is 10.
    package static func == (one: ConnectionID, other: ConnectionID) -> Bool { one.rawValue == other.rawValue }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(slot: UInt32, generation: UInt32) {
        rawValue = UInt64(generation) << 32 | UInt64(slot)
    }

    var slot: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
    var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

    package var description: String { "\(slot).\(generation)" }
}
