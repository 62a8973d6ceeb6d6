/// The rows of a summary that a snapshot already knows, put together with what only the runner has seen.
extension CheckSummary {
    /// Every check, by scenario, group and name. One that was never made has a single row, without a group.
    package static func all(
        in snapshot: MetricsSnapshot, firstFailures: [Key: FailureInstance] = [:]
    ) -> [CheckSummary] {
        var sums: [Key: RateData] = [:]
        var unmade: Set<Key> = []
        for case (let tags, .rate(let data)) in snapshot.series(of: .checks) {
            let key = Key(tags["check"] ?? "", group: tags["group"], scenario: tags["scenario"] ?? "")
            if data.count == 0 {
                unmade.insert(Key(key.name, scenario: key.scenario))
            } else {
                sums[key, default: RateData()].passes += data.passes
                sums[key, default: RateData()].fails += data.fails
            }
        }
        for made in sums.keys { unmade.remove(Key(made.name, scenario: made.scenario)) }
        for key in unmade { sums[key] = RateData() }
        return sums.keys.sorted(by: precedes).compactMap { key in
            sums[key].map { CheckSummary(key, passes: $0.passes, fails: $0.fails, firstFailure: firstFailures[key]) }
        }
    }

    private static func precedes(_ left: Key, _ right: Key) -> Bool {
        (left.scenario, left.group ?? "", left.name) < (right.scenario, right.group ?? "", right.name)
    }
}

extension ErrorSummary {
    /// Every kind of error that happened, the most frequent first.
    ///
    /// - Parameter expectedErrors: by scenario, the kinds in its `expect.errors`.
    package static func all(
        in snapshot: MetricsSnapshot, expectedErrors: [String: Set<String>] = [:], first: [Key: FailureInstance] = [:]
    ) -> [ErrorSummary] {
        var sums: [Key: UInt64] = [:]
        for case (let tags, .counter(let count)) in snapshot.series(of: .wsErrors) where count > 0 {
            sums[Key(tags["kind"] ?? "", scenario: tags["scenario"] ?? ""), default: 0] += UInt64(count)
        }
        return sums.map { key, count in
            let isExpected = expectedErrors[key.scenario]?.contains(key.kind) ?? false
            return ErrorSummary(key, count: count, isExpected: isExpected, first: first[key])
        }.sorted {
            ($1.count, $0.key.scenario, $0.key.kind) < ($0.count, $1.key.scenario, $1.key.kind)
        }
    }
}

extension CloseSummary {
    /// Every way in which sessions ended, the most frequent first.
    package static func all(in snapshot: MetricsSnapshot) -> [CloseSummary] {
        var sums: [TagSet: UInt64] = [:]
        for case (let tags, .counter(let count)) in snapshot.series(of: .wsCloses) where count > 0 {
            sums[["code": tags["code"] ?? "", "by": tags["by"] ?? ""], default: 0] += UInt64(count)
        }
        return sums.map { CloseSummary(code: Int($0.key["code"] ?? ""), by: $0.key["by"] ?? "", count: $0.value) }
            .sorted { ($1.count, $0.code ?? 0, $0.by) < ($0.count, $1.code ?? 0, $1.by) }
    }
}
