/// What became of the marks that the users of one loop have set, and of the measures that found none.
package struct MarkLedger: Sendable {
    /// Each mark that was set has been measured, replaced, or was still running when its session ended.
    package struct Counts: Hashable, Sendable {
        package internal(set) var set: UInt64 = 0
        /// Taken away by a `measure`.
        package internal(set) var measured: UInt64 = 0
        /// Set anew while it ran.
        package internal(set) var replaced: UInt64 = 0
        /// Still running when its session ended.
        package internal(set) var neverMeasured: UInt64 = 0
        /// The same, where the end of the load ended the session.
        package internal(set) var cut: UInt64 = 0
    }

    /// By the index of the text of the key.
    package internal(set) var texts: [Counts]
    /// How often a place looked for a mark that did not run, by the index of the reference.
    package internal(set) var missing: [UInt64]
    /// How often a measure met a time after now, by its index.
    package internal(set) var inFuture: [UInt64]

    init(_ pools: Pools) {
        texts = Array(repeating: Counts(), count: pools.markTexts.count)
        missing = Array(repeating: 0, count: pools.markReferences.count)
        inFuture = Array(repeating: 0, count: pools.measures.count)
    }

    /// Adds what another loop has counted.
    package mutating func merge(_ other: MarkLedger) {
        for (index, more) in other.texts.enumerated() {
            texts[index].set += more.set
            texts[index].measured += more.measured
            texts[index].replaced += more.replaced
            texts[index].neverMeasured += more.neverMeasured
            texts[index].cut += more.cut
        }
        for (index, more) in other.missing.enumerated() { missing[index] += more }
        for (index, more) in other.inFuture.enumerated() { inFuture[index] += more }
    }
}
