import Diagnostics
import Quantities

/// How a run stood against one threshold.
package struct ThresholdResult: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        case passed
        case failed
        /// A trend, rate or gauge that was never sampled, or no time that could be judged. Counts as failed.
        case noSamples = "no_samples"
        /// A smoke run makes no load to judge.
        case notJudged = "not_judged"
    }

    package var threshold: Threshold
    /// Nil without samples. With windows, that of the worst one.
    package var value: Quantity?
    /// With windows, those of the worst one.
    package var sampleCount: UInt64
    package var outcome: Outcome
    /// Whether fewer than ten samples lie beyond the percentile that it judges.
    package var hasTooFewSamples: Bool
    /// With windows, which one `value` is of, since the run began.
    package var worstWindow: Range<Int64>?
    /// With windows, how many were full; nil where that is not known any more (`ThresholdLedger.merged`).
    package var windowCount: Int?
    /// Of these, those in which it did not hold, or that had no samples.
    package var failedWindowCount = 0
    /// With windows, where the rest behind the last full one begins, if it did not hold there (`ThresholdLedger.finish`).
    package var failedRestNanoseconds: Int64?
    /// The failures before `after`, which nothing judges, of a threshold that replaces zero tolerance for them.
    package var failuresBefore: UInt64 = 0
    /// When it ended the run, since that began.
    package var abortedAtNanoseconds: Int64?

    package init(
        _ threshold: Threshold, value: Quantity?, sampleCount: UInt64, outcome: Outcome, hasTooFewSamples: Bool = false
    ) {
        self.threshold = threshold
        self.value = value
        self.sampleCount = sampleCount
        self.outcome = outcome
        self.hasTooFewSamples = hasTooFewSamples
    }

    static func withoutSamples(_ threshold: Threshold) -> ThresholdResult {
        ThresholdResult(threshold, value: nil, sampleCount: 0, outcome: .noSamples)
    }
}

extension Threshold {
    /// The condition, and over which part of the run it has to hold: `p(95) < 200ms, after 10s, in every 30s`.
    package var inWords: String {
        var words = condition.value
        if afterNanoseconds > 0 { words += ", after \(DurationText.text(ofNanoseconds: afterNanoseconds))" }
        if let windowNanoseconds { words += ", in every \(DurationText.text(ofNanoseconds: windowNanoseconds))" }
        return words
    }
}

extension ThresholdResult {
    /// What a threshold with windows has to say beside its value: `worst of 12 windows, from 30s to 1m; 3 failed`.
    package var windowsInWords: String? {
        guard threshold.windowNanoseconds != nil, outcome != .notJudged else { return nil }
        guard let windowCount else { return "more windows than the results of shards keep" }
        guard let worstWindow else { return "no window was full" }
        let windows = windowCount == 1 ? "1 window" : "\(windowCount) windows"
        let failed = failedWindowCount == 0 ? "" : "; \(failedWindowCount) failed"
        if let failedRestInWords, worstWindow.lowerBound == failedRestNanoseconds {
            return "worst \(failedRestInWords); before, \(windows)" + failed
        }
        let (start, end) = (worstWindow.lowerBound, worstWindow.upperBound)
        let time = "from \(DurationText.text(ofNanoseconds: start)) to \(DurationText.text(ofNanoseconds: end))"
        guard windowCount > 1 else { return "one window, \(time)" }
        return "worst of \(windows), \(time)" + failed
    }

    /// `behind the last full window, from 30s on`; nil where it held there, or that was not judged.
    package var failedRestInWords: String? {
        failedRestNanoseconds.map { "behind the last full window, from \(DurationText.text(ofNanoseconds: $0)) on" }
    }

    /// `3 failed checks before 2s, which nothing judges`; nil where there are none.
    package var failuresBeforeInWords: String? {
        guard failuresBefore > 0 else { return nil }
        let noun =
            switch threshold.selector.metric.name {
            case MetricDefinition.wsSessionFailed.name: "failed session"
            case MetricDefinition.checks.name: "failed check"
            default: "error"
            }
        return "\(failuresBefore) \(noun)\(failuresBefore == 1 ? "" : "s")"
            + " before \(DurationText.text(ofNanoseconds: threshold.afterNanoseconds)), which nothing judges"
    }
}
