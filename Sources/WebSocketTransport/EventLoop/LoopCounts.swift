/// How often a loop has done what costs a system call or a clock reading: a message is to cost less than one of each.
package struct LoopCounts: Hashable, Sendable {
    /// Times that the loop looked at what was ready.
    package var passes = 0
    package var clockReadings = 0
    /// Times that bytes were asked for, of connections that are open.
    package var receives = 0
    /// Times that bytes were handed to a socket.
    package var writes = 0

    package init(passes: Int = 0, clockReadings: Int = 0, receives: Int = 0, writes: Int = 0) {
        self.passes = passes
        self.clockReadings = clockReadings
        self.receives = receives
        self.writes = writes
    }
}
