/// What one threshold has to judge that the whole of a run does not tell: the samples from `after` on, or those of each
/// window; of one that may abort the run, what it has to go by so far.
package struct ThresholdLedger: Equatable, Sendable {
    package internal(set) var threshold: Threshold
    /// Of all slices from `after` on; of a threshold with windows only whether there was anything.
    private(set) var total: SeriesData?
    /// Of all slices before `after`, where the threshold replaces zero tolerance for failures.
    private(set) var before: SeriesData?
    /// The full windows, in their order.
    private(set) var windows: [Window] = []
    /// How it fared in them; nil where shards had more of them than were kept, and nobody can say it of them together.
    private(set) var judged: WindowJudgement? = WindowJudgement()
    /// What lies behind the last full window. At the end only that of a threshold that replaces zero tolerance for failures.
    private(set) var rest: SeriesData?

    /// So many windows are kept for merging with those of other shards; of what comes later only the judgement is.
    package static let windowLimit = 1_000

    init(_ threshold: Threshold) { self.threshold = threshold }

    /// What a full window holds: of a trend without the empty buckets, since many are kept.
    enum Window: Equatable, Sendable {
        case empty
        case trend(SparseTrend)
        case other(SeriesData)
    }

    /// What was kept of one, its windows judged anew.
    init(
        _ threshold: Threshold, total: SeriesData?, before: SeriesData?, windows: [Window], rest: SeriesData?
    ) {
        self.init(threshold)
        self.total = total
        self.before = before
        if let length = threshold.windowNanoseconds {
            for window in windows {
                self.rest = window.data
                close(windowNanoseconds: length)
            }
        }
        self.rest = rest
        finish()
    }

    /// Where not all windows were kept: how the run fared in all of them, if that is known.
    mutating func setJudgement(_ judged: WindowJudgement?) { self.judged = judged }

    /// Whether a threshold needs one.
    static func isNeeded(for threshold: Threshold) -> Bool {
        threshold.abortsRun || threshold.afterNanoseconds > 0 || threshold.windowNanoseconds != nil
    }

    /// Whether every full window can still be judged anew.
    var hasAllWindows: Bool { windows.count == judged?.count }

    // MARK: Slices

    /// Adds the slice behind the last one.
    ///
    /// - Parameter isFull: whether the run went on to its end.
    mutating func append(_ data: SeriesData?, of slice: Range<Int64>, isFull: Bool) {
        let start = threshold.afterNanoseconds
        guard slice.lowerBound >= start else {
            if let data, threshold.toleratesFailures { Self.append(data, to: &before) }
            return
        }
        guard let window = threshold.windowNanoseconds else {
            if let data { Self.append(data, to: &total) }
            return
        }
        if let data {
            Self.append(data, to: &rest)
            if total == nil { total = data.empty }
        }
        guard isFull, (slice.upperBound - start).isMultiple(of: window) else { return }
        close(windowNanoseconds: window)
    }

    /// Judges the window that did not become full, where the threshold replaces zero tolerance for failures and some are in
    /// it: a share like that of a full window; a count, and its rate, as if nothing more had come. Otherwise forgets it.
    mutating func finish() {
        guard let window = threshold.windowNanoseconds, threshold.toleratesFailures else { return rest = nil }
        guard threshold.failures(in: rest) > 0 else { return }
        judged?.addRest(
            threshold.judge(rest, durationNanoseconds: window), of: threshold, windowNanoseconds: window)
    }

    private static func append(_ data: SeriesData, to sum: inout SeriesData?) {
        guard var grown = sum else { return sum = data }
        sum = nil  // So that a histogram has one owner while it grows.
        grown.append(data)
        sum = grown
    }

    private mutating func close(windowNanoseconds window: Int64) {
        let full = rest
        rest = full?.carried
        judged?.add(threshold.judge(full, durationNanoseconds: window), of: threshold, windowNanoseconds: window)
        if windows.count < Self.windowLimit { windows.append(Window(full)) }
    }

    // MARK: Judging

    /// How the run stands against the threshold when it is over.
    package func result(durationNanoseconds: Int64) -> ThresholdResult {
        var result = resultFromAfterOn(durationNanoseconds: durationNanoseconds)
        result.failuresBefore = threshold.failures(in: before)
        return result
    }

    private func resultFromAfterOn(durationNanoseconds: Int64) -> ThresholdResult {
        guard threshold.windowNanoseconds == nil else {
            return judged?.result(of: threshold) ?? .withoutSamples(threshold)
        }
        let judgedTime = durationNanoseconds - threshold.afterNanoseconds
        guard judgedTime > 0 || threshold.afterNanoseconds == 0 else { return .withoutSamples(threshold) }
        return threshold.judge(total, durationNanoseconds: judgedTime)
    }

    /// Why the run has to end, if it does: the threshold aborts it, has samples, does not hold, and cannot hold any more
    /// by what is still to come.
    func reasonToAbort(atNanoseconds time: Int64) -> ThresholdResult? {
        guard threshold.abortsRun, total != nil else { return nil }
        var result = result(durationNanoseconds: time)
        if threshold.windowNanoseconds == nil {
            guard result.outcome == .failed, result.sampleCount > 0 else { return nil }
            guard !threshold.canStillHold(result.value?.value ?? 0) else { return nil }
        } else {
            guard let judged, judged.failedCount > 0 else { return nil }
        }
        result.abortedAtNanoseconds = time
        return result
    }

    // MARK: Merging

    /// What two shards of a run saw of the same threshold, its windows judged anew. Where they have more windows than are
    /// kept nobody knows how it fared in them.
    func merged(with other: ThresholdLedger) -> ThresholdLedger {
        let hasAllWindows = hasAllWindows && other.hasAllWindows
        let (longer, shorter) = windows.count < other.windows.count ? (other, self) : (self, other)
        // What is behind the last window of a shard is in the next one of those that went on.
        var windows = longer.windows.map(\.data) + [longer.rest]
        for (index, part) in (shorter.windows.map(\.data) + [shorter.rest]).enumerated() {
            windows[index] = Self.sum(windows[index], part)
        }
        let rest = windows.removeLast()
        var merged = ThresholdLedger(
            threshold, total: Self.sum(total, other.total), before: Self.sum(before, other.before),
            windows: hasAllWindows ? windows.map { Window($0) } : [], rest: hasAllWindows ? rest : nil)
        if !hasAllWindows { merged.setJudgement(nil) }
        return merged
    }

    private static func sum(_ left: SeriesData?, _ right: SeriesData?) -> SeriesData? {
        guard var sum = left, let right else { return left ?? right }
        sum.merge(right)
        return sum
    }
}

extension ThresholdLedger.Window {
    init(_ data: SeriesData?) {
        self =
            switch data {
            case nil: .empty
            case .trend(let trend): .trend(SparseTrend(trend))
            case .some(let data): .other(data)
            }
    }

    fileprivate var data: SeriesData? {
        switch self {
        case .empty: nil
        case .trend(let sparse): TrendData(sparse).map { .trend($0) }
        case .other(let data): data
        }
    }
}

extension SeriesData {
    /// What a later stretch of time begins with: levels stay, all else is counted anew.
    fileprivate var carried: SeriesData? {
        switch self {
        case .level(let data): .level(data.carried)
        default: nil
        }
    }

    fileprivate var empty: SeriesData {
        switch self {
        case .counter: .counter(0)
        case .amount: .amount(Amount())
        case .rate: .rate(RateData())
        case .trend: .trend(TrendData())
        case .gauge(_, let isPart): .gauge(GaugeData(min: 0, max: 0, last: 0, count: 0), isPart: isPart)
        case .level: .level(LevelData())
        }
    }
}

extension Threshold {
    /// Whether what is still to come can make it hold: a count grows, a maximum rises, a minimum falls.
    fileprivate func canStillHold(_ value: Double) -> Bool {
        switch (aggregate, comparison) {
        case (.count, .greater), (.count, .greaterOrEqual), (.maximum, .greater), (.maximum, .greaterOrEqual),
            (.minimum, .less), (.minimum, .lessOrEqual):
            true
        case (.count, .equal), (.maximum, .equal): value < limit.value
        case (.minimum, .equal): value > limit.value
        case (.count, .notEqual), (.maximum, .notEqual), (.minimum, .notEqual): true
        default: false
        }
    }
}
