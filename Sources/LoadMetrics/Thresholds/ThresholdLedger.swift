/// What one threshold has to judge that the whole of a run does not tell: the samples from `after` on, or those of each
/// window; of one that may abort the run, what it has to go by so far.
package struct ThresholdLedger: Equatable, Sendable {
    package internal(set) var threshold: Threshold
    /// Of all slices from `after` on; of a threshold with windows only whether there was anything.
    private(set) var total: SeriesData?
    /// The full windows, in their order.
    private(set) var windows: [Window] = []
    private(set) var judged = WindowJudgement()
    /// What the window that is not full yet holds.
    private var open: SeriesData?

    /// So many windows are kept for merging with those of other shards; of what comes later only the judgement is.
    package static let windowLimit = 1_000

    init(_ threshold: Threshold) { self.threshold = threshold }

    /// What a full window holds: of a trend without the empty buckets, since many are kept.
    enum Window: Equatable, Sendable {
        case empty
        case trend(SparseTrend)
        case other(SeriesData)
    }

    init(_ threshold: Threshold, total: SeriesData?, windows: [Window]) {
        self.init(threshold)
        self.total = total
        guard let length = threshold.windowNanoseconds else { return }
        for window in windows {
            open = window.data
            close(windowNanoseconds: length)
        }
        finish()
    }

    /// Whether a threshold needs one.
    static func isNeeded(for threshold: Threshold) -> Bool {
        threshold.abortsRun || threshold.afterNanoseconds > 0 || threshold.windowNanoseconds != nil
    }

    /// Whether every full window can still be judged anew.
    private var hasAllWindows: Bool { windows.count == judged.count }

    // MARK: Slices

    /// Adds the slice behind the last one.
    ///
    /// - Parameter isFull: whether the run went on to its end.
    mutating func append(_ data: SeriesData?, of slice: Range<Int64>, isFull: Bool) {
        let start = threshold.afterNanoseconds
        guard slice.lowerBound >= start else { return }
        guard let window = threshold.windowNanoseconds else {
            if let data { Self.append(data, to: &total) }
            return
        }
        if let data {
            Self.append(data, to: &open)
            if total == nil { total = data.empty }
        }
        guard isFull, (slice.upperBound - start).isMultiple(of: window) else { return }
        close(windowNanoseconds: window)
    }

    /// Forgets the window that did not become full.
    mutating func finish() { open = nil }

    private static func append(_ data: SeriesData, to sum: inout SeriesData?) {
        guard var grown = sum else { return sum = data }
        sum = nil  // So that a histogram has one owner while it grows.
        grown.append(data)
        sum = grown
    }

    private mutating func close(windowNanoseconds window: Int64) {
        let full = open
        open = full?.carried
        judged.add(threshold.judge(full, durationNanoseconds: window), of: threshold, windowNanoseconds: window)
        if windows.count < Self.windowLimit { windows.append(Window(full)) }
    }

    // MARK: Judging

    /// How the run stands against the threshold when it is over.
    package func result(durationNanoseconds: Int64) -> ThresholdResult {
        guard threshold.windowNanoseconds != nil else {
            let judgedTime = durationNanoseconds - threshold.afterNanoseconds
            guard judgedTime > 0 || threshold.afterNanoseconds == 0 else { return .withoutSamples(threshold) }
            return threshold.judge(total, durationNanoseconds: judgedTime)
        }
        return judged.result(of: threshold)
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
            guard judged.failedCount > 0 else { return nil }
        }
        result.abortedAtNanoseconds = time
        return result
    }

    // MARK: Merging

    /// What two shards of a run saw of the same threshold, its windows judged anew. Where they have more windows than are
    /// kept there is nothing to judge, and so no samples.
    func merged(with other: ThresholdLedger) -> ThresholdLedger {
        guard hasAllWindows, other.hasAllWindows else { return ThresholdLedger(threshold) }
        let sums = (0..<max(windows.count, other.windows.count)).map { index in
            let mine = index < windows.count ? windows[index].data : nil
            let theirs = index < other.windows.count ? other.windows[index].data : nil
            return Window(Self.sum(mine, theirs))
        }
        return ThresholdLedger(threshold, total: Self.sum(total, other.total), windows: sums)
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
