/// One thing that goes wrong with a connection, and where in what the server says.
package struct WireFault: Sendable {
    package enum Deed: Sendable {
        /// Whatever is said comes so much later, in both directions.
        case delays(milliseconds: UInt32)
        /// Each byte comes by itself, in both directions.
        case slices
        /// Nothing comes any more, in either direction, and nobody hangs up.
        case stalls
        /// The client's connection is reset.
        case resets
        /// The client's connection is closed in both directions.
        case ends
        /// The client hears nothing any more, but is listened to.
        case halfCloses
        /// These bits of the next byte are turned over.
        case corrupts(UInt8)
    }

    package let deed: Deed
    /// All that the server says between two things that the client says is one turn, the first is 1; 0 is before anything
    /// was said.
    package let turn: Int
    /// The bytes of that turn that pass unharmed.
    package let offset: Int

    package init(_ deed: Deed, turn: Int, offset: Int = 0) {
        self.deed = deed
        self.turn = turn
        self.offset = offset
    }
}
