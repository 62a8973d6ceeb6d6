import ArgumentParser
import LoadMetrics
import LoadRunner

/// `K/N`: the K-th of N parts, counted from 1.
struct ShardArgument: ExpressibleByArgument, Sendable {
    var share: Share

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) }
        guard parts.count == 2, isPlain, let part = Int64(parts[0]), let count = Int64(parts[1]),
            let shard = ShardNumber(part, of: count)
        else { return nil }
        share = Share(shard.part - 1, of: shard.count)
    }
}

extension Share {
    /// Its number; nil for the whole.
    var shard: ShardNumber? { count == 1 ? nil : ShardNumber(index + 1, of: count) }
}
