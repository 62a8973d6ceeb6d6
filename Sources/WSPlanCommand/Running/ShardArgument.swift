import ArgumentParser
import LoadRunner

/// `K/N`: the K-th of N parts, counted from 1.
struct ShardArgument: ExpressibleByArgument, Sendable {
    /// More machines than that do not share a run.
    private static let most: Int64 = 1_000_000

    var share: Share

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) }
        guard parts.count == 2, isPlain, let part = Int64(parts[0]), let count = Int64(parts[1]),
            (1...Self.most).contains(count), (1...count).contains(part)
        else { return nil }
        share = Share(part - 1, of: count)
    }
}

extension Share {
    /// ` (shard 2/4)`; nothing for the whole.
    var inWords: String { count == 1 ? "" : " (shard \(index + 1)/\(count))" }
}
