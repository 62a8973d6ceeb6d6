/// What the word that the transport keeps for a connection or a timer means to a worker: whose it is, and what for.
struct UserAddress {
    /// What a timer is for; connections have `wake`.
    enum Purpose: UInt8 {
        /// A user wants to go on.
        case wake
        /// A user's pause is over.
        case next
        /// The time that a user that was stopped has for its session is over.
        case stop
        /// The time that it has for closing is over.
        case abandon
        /// The schedule has something to do.
        case pace
        /// The load is over.
        case loadEnd
        /// The time that open sessions have at the end of the load is over.
        case graceEnd
        /// The time that they have for closing is over.
        case drainEnd
        /// The loop notes how late it is.
        case beat
    }

    var purpose: Purpose
    /// The scenario's place among those of the run, below 2^24.
    var lane: Int
    /// The user's place in its lane, below 2^32; 0 for a timer of the lane's own.
    var index: Int

    @inline(__always)
    init(_ purpose: Purpose = .wake, lane: Int, index: Int = 0) {
        self.purpose = purpose
        self.lane = lane
        self.index = index
    }

    @inline(__always)
    init(word: UInt64) {
        purpose = Purpose(rawValue: UInt8(truncatingIfNeeded: word >> 56)) ?? .wake
        lane = Self.lane(of: word)
        index = Self.index(of: word)
    }

    @inline(__always) static func lane(of word: UInt64) -> Int { Int(word >> 32) & 0xFF_FFFF }

    @inline(__always) static func index(of word: UInt64) -> Int { Int(truncatingIfNeeded: word & 0xFFFF_FFFF) }

    @inline(__always)
    var word: UInt64 { UInt64(purpose.rawValue) << 56 | UInt64(lane) << 32 | UInt64(index) }
}
