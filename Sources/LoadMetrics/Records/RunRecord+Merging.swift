extension RunRecord {
    /// Why results are not those of one run.
    package struct MergeError: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    /// The run that all shards together are. One result of a whole run is that run.
    ///
    /// - Parameter names: of the results, for the reader of an error.
    /// - Throws: where they are not exactly the shards of one run.
    package static func merging(_ records: [RunRecord], named names: [String]) throws(MergeError) -> RunRecord {
        precondition(!records.isEmpty && records.count == names.count, "names for other results")
        for index in records.indices.dropFirst() {
            if let difference = records[0].difference(from: records[index]) {
                throw MergeError(description: "\(names[index]) \(difference) than \(names[0])")
            }
        }
        let order = try order(of: records, named: names)
        guard order.count > 1 else { return records[0] }
        var merged = records[order[0]]
        for index in order.dropFirst() {
            guard merged.add(records[index]) else {
                throw MergeError(description: "\(names[index]) measured other things than \(names[order[0]])")
            }
        }
        let folded = merged.measurements.snapshot.folded
        merged.setWords(from: order.map { records[$0] }, folded: folded)
        merged.generator = .merging(
            order.compactMap { index in
                let record = records[index]
                return record.shard.flatMap { shard in record.generator.map { (shard, $0) } }
            })
        merged.shard = nil
        return merged
    }

    // MARK: What belongs together

    /// What the other result has that shards of one run do not have, to go before `than …`; nil where nothing is.
    private func difference(from other: RunRecord) -> String? {
        if plan.digest != other.plan.digest { return "is of another plan" }
        if plan.files != other.plan.files { return "is of a plan with other files" }
        if version != other.version { return "was made by another version of wsplan (\(other.version))" }
        if seed != other.seed {
            return "has another seed (\(other.seed), where all shards need the same --seed)"
        }
        let same = scenarios.elementsEqual(other.scenarios) {
            $0.name.utf8.elementsEqual($1.name.utf8) && $0.url.utf8.elementsEqual($1.url.utf8)
                && $0.load.utf8.elementsEqual($1.load.utf8)
        }
        return same ? nil : "has another load, other scenarios or another url"
    }

    /// The places of the results in the order of their shards, each of which is there once.
    private static func order(of records: [RunRecord], named names: [String]) throws(MergeError) -> [Int] {
        var places: [Int64: Int] = [:]
        for (index, record) in records.enumerated() {
            guard let shard = record.shard else {
                guard records.count > 1 else { return [0] }
                throw MergeError(
                    description: "\(names[index]) holds a whole run, and no shard that others could be merged with")
            }
            if let first = records[0].shard, first.count != shard.count {
                throw MergeError(description: "\(names[index]) is shard \(shard), and \(names[0]) shard \(first)")
            }
            if let earlier = places.updateValue(index, forKey: shard.part) {
                throw MergeError(description: "\(names[index]) is shard \(shard), and so is \(names[earlier])")
            }
        }
        let count = records[0].shard?.count ?? 1
        let missing = (1...count).lazy.filter { places[$0] == nil }.prefix(4).map { String($0) }
        guard missing.isEmpty else { throw MergeError(description: inWords(missing: Array(missing), of: count)) }
        return places.sorted { $0.key < $1.key }.map(\.value)
    }

    /// `shards 2 and 4 of 4 are missing`; of more than three the first ones.
    private static func inWords(missing parts: [String], of count: Int64) -> String {
        let words: String =
            switch parts.count {
            case 1: "shard \(parts[0]) of \(count) is"
            case 2, 3:
                "shards \(parts.dropLast().joined(separator: ", ")) and \(parts[parts.count - 1]) of \(count) are"
            default: "shards \(parts.prefix(3).joined(separator: ", ")), … of \(count) are"
            }
        return words + " missing: a run is judged by the results of all its shards"
    }

    // MARK: Adding up

    /// Adds all numbers; false where they cannot be.
    private mutating func add(_ other: RunRecord) -> Bool {
        guard measurements.merge(other.measurements) else { return false }
        hosts += other.hosts
        startedUnixMilliseconds = min(startedUnixMilliseconds, other.startedUnixMilliseconds)
        for index in scenarios.indices { scenarios[index].add(other.scenarios[index]) }
        allowsLimited = allowsLimited && other.allowsLimited
        // The first signal ends a process; both at once are an interrupt, which comes first among the exit codes.
        signal = [signal, other.signal].contains(.interrupt) ? .interrupt : signal ?? other.signal
        if let count = other.gaveUpAfterFailedSessions {
            gaveUpAfterFailedSessions = (gaveUpAfterFailedSessions ?? 0) + count
        }
        firstFailures.merge(other.firstFailures, uniquingKeysWith: Self.earlier)
        firstErrors.merge(other.firstErrors, uniquingKeysWith: Self.earlier)
        for mark in other.marks { marks.add(mark) }
        for missed in other.missedMeasures { missedMeasures.add(missed) }
        return true
    }

    private static func earlier(_ left: FailureInstance, _ right: FailureInstance) -> FailureInstance {
        right.sinceStartNanoseconds < left.sinceStartNanoseconds ? right : left
    }

    /// What is said in words: without a name where all shards say it, otherwise with the shard that does.
    private mutating func setWords(from shards: [RunRecord], folded: FoldedTagSets) {
        func words(_ path: KeyPath<RunRecord, [String]>) -> [String] {
            let shared = shards[0][keyPath: path].filter { text in
                shards.allSatisfy { $0[keyPath: path].contains(text) }
            }
            return shared
                + shards.flatMap { record in
                    record[keyPath: path].filter { !shared.contains($0) }.map { text in
                        "shard \(record.shard?.description ?? ""): \(text)"
                    }
                }
        }
        preflightProblems = words(\.preflightProblems)
        defects = words(\.defects)
        notices = words(\.notices)
        // Shards within the limit each may be beyond it together.
        if shards.allSatisfy({ $0.measurements.snapshot.folded != folded }) { notices += folded.notices }
    }
}

extension FoldedTagSets {
    /// What a reader should know of it; nothing where nothing was folded.
    package var notices: [String] {
        inWords.map { "more than \(MetricsRecorder.tagSetLimit) tag sets: what is beyond is counted together in \($0)" }
    }
}

extension ScenarioSummary {
    /// Adds another part of the same scenario.
    fileprivate mutating func add(_ other: ScenarioSummary) {
        vus += other.vus
        targetPerSecond = targetPerSecond.flatMap { mine in other.targetPerSecond.map { mine + $0 } }
        arrivals = arrivals.flatMap { mine in other.arrivals.map { mine + $0 } }
        sessions = sessions + other.sessions
        hasWork = hasWork || other.hasWork
    }
}

extension [MarkSummary] {
    fileprivate mutating func add(_ mark: MarkSummary) {
        guard let index = firstIndex(where: { $0.key == mark.key && $0.scenario == mark.scenario }) else {
            return append(mark)
        }
        self[index].set += mark.set
        self[index].measured += mark.measured
        self[index].replaced += mark.replaced
        self[index].neverMeasured += mark.neverMeasured
        self[index].cut += mark.cut
    }
}

extension [MissedMeasureSummary] {
    fileprivate mutating func add(_ missed: MissedMeasureSummary) {
        let index = firstIndex {
            $0.metric == missed.metric && $0.since == missed.since && $0.scenario == missed.scenario
        }
        guard let index else { return append(missed) }
        self[index].withoutMark += missed.withoutMark
        self[index].inFuture += missed.inFuture
    }
}
