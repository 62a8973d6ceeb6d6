import Foundation
import TestSupport

/// The parts of `--report json=FILE` that the tests look at, read by a reader that is not our own.
struct RunReport: Decodable {
    struct Sessions: Decodable {
        var attempted: Int
        var opened: Int
        var failed: Int
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
        var outcome: String
    }

    struct Counter: Decodable {
        var metric: String
        var count: Int
    }

    /// In milliseconds.
    struct Trend: Decodable {
        var metric: String
        var max: Double
    }

    var verdict: Verdict
    var durationMilliseconds: Double
    var seed: UInt64
    var sessions: Sessions
    var checks: [Check]
    var errors: [Failures]
    var counters: [Counter]
    var trends: [Trend]
    var notices: [String]

    private enum CodingKeys: String, CodingKey {
        case verdict, seed, sessions, checks, errors, counters, trends, notices
        case durationMilliseconds = "duration_ms"
    }

    init(contentsOf path: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(try TextFile.read(path).utf8))
    }

    var outcome: String { verdict.outcome }

    /// The sum of a counter; nil where the report has none of that name.
    func counter(_ name: String) -> Int? { counters.first { $0.metric == name }?.count }

    /// A trend with samples, over all its tags.
    func trend(_ name: String) -> Trend? { trends.first { $0.metric == name } }
}
