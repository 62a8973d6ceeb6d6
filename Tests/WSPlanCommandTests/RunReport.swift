import Foundation
import TestSupport

/// The parts of `--report json=FILE` that the tests look at, read by a reader that is not our own.
struct RunReport: Decodable {
    struct Sessions: Decodable {
        var attempted: Int
        var opened: Int
        var failed: Int
    }

    struct Arrivals: Decodable {
        var due: Int
        var started: Int
        var dropped: Int
    }

    struct Scenario: Decodable {
        var name: String
        var model: String
        var arrivals: Arrivals?
    }

    struct Check: Decodable {
        var name: String
        var passes: Int
        var fails: Int
    }

    struct Header: Decodable {
        var name: String
        var value: String
    }

    struct Answer: Decodable {
        var status: Int
        var headers: [Header]
        var bodyStart: String

        private enum CodingKeys: String, CodingKey {
            case status, headers
            case bodyStart = "body_start"
        }
    }

    struct Failure: Decodable {
        var message: String
        var answer: Answer?
    }

    struct Failures: Decodable {
        var kind: String
        var count: Int
        var first: Failure?
    }

    struct Verdict: Decodable {
        struct Reason: Decodable {
            var ground: String
            var text: String
        }

        var outcome: String
        var reasons: [Reason]
    }

    /// Times in milliseconds, shares from 0 to 1.
    struct Generator: Decodable {
        var grade: String
        var reasons: [String]
        var due: Int
        var startedInTime: Int
        var longestLag: Double
        var waiting: Double

        private enum CodingKeys: String, CodingKey {
            case grade, reasons, due, waiting
            case startedInTime = "started_in_time"
            case longestLag = "longest_lag_ms"
        }
    }

    struct Counter: Decodable {
        var metric: String
        var count: Double
    }

    /// In milliseconds, or a number.
    struct Trend: Decodable {
        var metric: String
        var unit: String
        var count: Int
        var min: Double
        var med: Double
        var max: Double
        var p90: Double

        private enum CodingKeys: String, CodingKey {
            case metric, unit, count, min, med, max
            case p90 = "p(90)"
        }
    }

    struct Gauge: Decodable {
        var metric: String
        var min: Double
        var max: Double
        var last: Double
    }

    struct Rate: Decodable {
        var metric: String
        var passes: Int
        var fails: Int
    }

    struct Mark: Decodable, Equatable {
        var key: String
        var set: Int
        var measured: Int
        var replaced: Int
        var neverMeasured: Int
        var cut: Int

        private enum CodingKeys: String, CodingKey {
            case key, set, measured, replaced, cut
            case neverMeasured = "never_measured"
        }
    }

    struct MissedMeasure: Decodable {
        var metric: String
        var since: String
        var withoutMark: Int
        var inFuture: Int

        private enum CodingKeys: String, CodingKey {
            case metric, since
            case withoutMark = "without_mark"
            case inFuture = "in_future"
        }
    }

    struct Threshold: Decodable {
        var metric: String
        var condition: String
        var outcome: String
        /// When it ended the run, in milliseconds.
        var abortedAt: Double?

        private enum CodingKeys: String, CodingKey {
            case metric, condition, outcome
            case abortedAt = "aborted_at_ms"
        }
    }

    var verdict: Verdict
    var generator: Generator?
    var durationMilliseconds: Double
    var seed: UInt64
    var scenarios: [Scenario]
    var sessions: Sessions
    var checks: [Check]
    var errors: [Failures]
    var counters: [Counter]
    var trends: [Trend]
    var gauges: [Gauge]
    var rates: [Rate]
    var marks: [Mark]
    var missedMeasures: [MissedMeasure]
    var thresholds: [Threshold]
    var notices: [String]

    private enum CodingKeys: String, CodingKey {
        case verdict, generator, seed, scenarios, sessions, checks, errors, counters, trends, gauges, rates, marks,
            thresholds,
            notices
        case missedMeasures = "missed_measures"
        case durationMilliseconds = "duration_ms"
    }

    init(contentsOf path: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(try TextFile.read(path).utf8))
    }

    var outcome: String { verdict.outcome }

    /// The sum of a counter; nil where the report has none of that name.
    func counter(_ name: String) -> Int? { counters.first { $0.metric == name }.flatMap { Int(exactly: $0.count) } }

    /// A trend with samples, over all its tags.
    func trend(_ name: String) -> Trend? { trends.first { $0.metric == name } }
}
