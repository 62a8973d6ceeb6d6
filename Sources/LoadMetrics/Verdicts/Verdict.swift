/// What a run comes to: the exit code of the process, and why.
package struct Verdict: Hashable, Sendable {
    /// In words, for programs that read a report.
    package enum Outcome: String, CaseIterable, Hashable, Sendable {
        case passed
        case failed
        case inconclusive
        case interrupted
        case couldNotRun = "could_not_run"
        case defect
        case invalid
    }

    /// What decides, the first that applies; `allCases` is their order (plan-language.md §6).
    package enum Ground: String, CaseIterable, Hashable, Sendable {
        /// The plan or the command line is wrong, and nothing was run.
        case invalid
        /// This machine cannot run it, which was found before the run.
        case couldNotRun = "could_not_run"
        /// Counts of ours do not add up.
        case defect
        /// SIGINT.
        case interrupted
        /// SIGTERM.
        case terminated
        /// An expectation or a check did not hold, or an error happened.
        case expectation
        /// Only thresholds failed, and the generator itself was the bottleneck.
        case inconclusive
        case threshold
        case reportNotWritten = "report_not_written"
        case passed

        package var exitCode: Int32 {
            switch self {
            case .invalid: 2
            case .couldNotRun, .reportNotWritten: 3
            case .defect: 70
            case .interrupted: 130
            case .terminated: 143
            case .expectation, .threshold: 1
            case .inconclusive: 4
            case .passed: 0
            }
        }

        package var outcome: Outcome {
            switch self {
            case .invalid: .invalid
            case .couldNotRun, .reportNotWritten: .couldNotRun
            case .defect: .defect
            case .interrupted, .terminated: .interrupted
            case .expectation, .threshold: .failed
            case .inconclusive: .inconclusive
            case .passed: .passed
            }
        }
    }

    /// A ground that applies, in words.
    package struct Reason: Hashable, Sendable {
        package var ground: Ground
        package var text: String

        package init(_ ground: Ground, _ text: String) {
            self.ground = ground
            self.text = text
        }
    }

    /// Everything that applies, in the order of the grounds; the first one decides. Empty for a run that passed.
    package let reasons: [Reason]

    /// - Parameter reasons: in any order. Those of one ground stay in theirs.
    package init(reasons: [Reason] = []) {
        self.reasons = Ground.allCases.flatMap { ground in reasons.filter { $0.ground == ground } }
    }

    package var ground: Ground { reasons.first?.ground ?? .passed }
    package var exitCode: Int32 { ground.exitCode }
    package var outcome: Outcome { ground.outcome }

    /// The verdict with one more reason, such as a report that could not be written.
    package func with(_ reason: Reason) -> Verdict { Verdict(reasons: reasons + [reason]) }

    /// The exit code of several runs: that of the first ground that applies to any of them.
    package static func exitCode(of verdicts: [Verdict]) -> Int32 {
        Ground.allCases.first { ground in verdicts.contains { $0.ground == ground } }?.exitCode ?? 0
    }
}
