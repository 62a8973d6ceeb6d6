extension GeneratorVerdict {
    /// How the generators of several shards fared: as badly as the worst of them, which its reasons name.
    static func merging(_ shards: [(shard: ShardNumber, verdict: GeneratorVerdict)]) -> GeneratorVerdict? {
        guard let first = shards.first?.verdict else { return nil }
        let figures = shards.dropFirst().reduce(first.figures) { $0.merged(with: $1.verdict.figures) }
        let gravestFirst = Grade.allCases.reversed().flatMap { grade in shards.filter { $0.verdict.grade == grade } }
        return GeneratorVerdict(
            gravestFirst.map(\.verdict.grade).max() ?? .clean,
            reasons: gravestFirst.flatMap { shard, verdict in verdict.reasons.map { "shard \(shard): \($0)" } }, figures
        )
    }
}

extension GeneratorFigures {
    fileprivate func merged(with other: GeneratorFigures) -> GeneratorFigures {
        var merged = self
        merged.due += other.due
        merged.startedInTime += other.startedInTime
        merged.lagNanoseconds = max(lagNanoseconds, other.lagNanoseconds)
        merged.longestLagNanoseconds = max(longestLagNanoseconds, other.longestLagNanoseconds)
        merged.busy = max(busy, other.busy)
        merged.pressure = HostPressure(
            steal: max(pressure.steal, other.pressure.steal),
            throttledMicroseconds: max(pressure.throttledMicroseconds, other.pressure.throttledMicroseconds),
            running: max(pressure.running, other.pressure.running),
            waiting: max(pressure.waiting, other.pressure.waiting))
        return merged
    }
}
