import Foundation
import TestSupport
import Testing

/// How a run went on, second by second, as its JSON report holds it.
private struct RunSeries {
    struct Track: Decodable {
        var metric: String
        var counter: [Double]?
        /// The least, the most and the last level of each second; nothing before the first.
        var gauge: [[Double]]?
    }

    private struct Report: Decodable {
        struct Measurements: Decodable { var timeSeries: Series }
        struct Series: Decodable {
            var stepNs: Int64
            var tracks: [Track]
        }

        var measurements: Measurements
    }

    /// How many sessions had begun by the end of each second.
    var begun: [Int]
    /// The most virtual users of each second, and how many there were at its end.
    var mostUsers: [Int]
    var lastUsers: [Int]

    init(contentsOf path: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(Report.self, from: Data(try TextFile.read(path).utf8))
        let series = report.measurements.timeSeries
        #expect(series.stepNs == 1_000_000_000)
        let sessions = try #require(series.tracks.first { $0.metric == "ws_sessions" }?.counter)
        begun = sessions.reduce(into: []) { sums, count in sums.append((sums.last ?? 0) + Int(count)) }
        let users = try #require(series.tracks.first { $0.metric == "vus" }?.gauge)
        mostUsers = users.map { $0.isEmpty ? 0 : Int($0[1]) }
        lastUsers = users.map { $0.isEmpty ? 0 : Int($0[2]) }
    }
}

extension EndToEnd {
    /// The six shapes of load, second by second. At no time is a load ahead of its plan, whatever the machine has else to do,
    /// nor behind it by more than loops were late; and all of it is made, by one process or by the four shards of it.
    @Suite struct LoadSeries {
        struct Shape: Sendable, CustomTestStringConvertible {
            var load: String
            /// What a session does.
            var steps: String
            /// How many sessions can have begun by the end of each second; the last number is how many there are in all.
            var begun: [Int]
            /// How many virtual users there can be in each second.
            var users: [Int]
            /// How many there are at the least at the end of each second on the way down, by its number.
            var left: [Int: Int] = [:]
            /// How many sessions have begun at the least after so many seconds, if none of them took longer than `longest`.
            var due: @Sendable (_ time: Double, _ longest: Double) -> Double

            var testDescription: String { load }

            var plan: String {
                """
                serve: echo
                url: ${server.url}
                load: {\(load)}
                on_open: [\(steps)]
                """
            }
        }

        private static let shapes = [
            Shape(
                load: "vus: 8, duration: 2s", steps: "{wait: 1h}", begun: [8, 8], users: [8, 8], due: { _, _ in 8 }),
            Shape(
                load: "vus: 4, iterations: 24", steps: "{wait: 250ms}, close", begun: [16, 24], users: [4, 4],
                due: oneAfterTheOther),
            Shape(
                load: "vus: 4, iterations_per_vu: 6", steps: "{wait: 250ms}, close", begun: [16, 24], users: [4, 4],
                due: oneAfterTheOther),
            // A user starts every 125 ms, the last one when a second is over; then one stops every 125 ms.
            Shape(
                load: "start_vus: 0, stages: [\(stage("8")), \(stage("8")), \(stage("0"))]", steps: "{wait: 1h}",
                begun: [7, 8, 8], users: [7, 8, 8], left: [2: 1],
                due: { time, _ in min(8, 8 * time) }),
            Shape(
                load: "rate: 40/s, duration: 2s, max_vus: 80", steps: "close", begun: [40, 80], users: [40, 80],
                due: { time, _ in 40 * time }),
            Shape(
                load: "start_rate: 0/s, stages: [\(stage("30/s")), \(stage("60/s"))], max_vus: 60", steps: "close",
                begun: [15, 60], users: [15, 60], due: { time, _ in 15 * time * time }),
        ]

        /// Of four users that begin at once, and each of their six sessions as soon as the one before has ended.
        @Sendable private static func oneAfterTheOther(_ time: Double, _ longest: Double) -> Double {
            min(24, 4 * ((time / longest).rounded(.down) + 1))
        }

        private static func stage(_ target: String) -> String { "{duration: 1s, target: \(target)}" }

        @Test(arguments: shapes) func isTheOneThatWasAskedForInEachSecond(_ shape: Shape) async throws {
            let folder = try TemporaryDirectory()
            async let whole = run(shape, ["--loops", "2"], in: folder)
            let shards = try await withThrowingTaskGroup(of: String.self) { group in
                for shard in 1...4 {
                    group.addTask { try await run(shape, ["--shard", "\(shard)/4"], in: folder) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try expect(shards, toBe: shape)
            try await expect([whole], toBe: shape)
        }

        /// Gives the path of the report.
        private func run(_ shape: Shape, _ options: [String], in folder: TemporaryDirectory) async throws -> String {
            let report = folder.path(of: "report\(options.last ?? "").json".replacing("/", with: "-"))
            var runner = ProcessRunner(
                BuiltProducts.wsplan, ["run", "-", "--seed", "1", "--report", "json=\(report)"] + options)
            runner.input = Array(shape.plan.utf8)
            let result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            return report
        }

        private func expect(_ paths: [String], toBe shape: Shape) throws {
            let series = try paths.map { try RunSeries(contentsOf: $0) }
            func sum(_ values: KeyPath<RunSeries, [Int]>, _ second: Int, beyond: (RunSeries) -> Int) -> Int {
                series.reduce(0) { sum, one in
                    sum + (one[keyPath: values].indices.contains(second) ? one[keyPath: values][second] : beyond(one))
                }
            }
            let reports = try paths.map { try RunReport(contentsOf: $0) }
            let longest = reports.compactMap { $0.trend("iteration_duration")?.max }.max() ?? 0
            // Loops look at how late they are every 10 ms.
            let lags = try reports.map { try #require($0.generator).longestLag + 10 }
            let lag = (lags + reports.compactMap { $0.trend("timer_lag")?.max }).max() ?? 0
            for second in shape.begun.indices {
                let begun = sum(\.begun, second) { $0.begun.last ?? 0 }
                #expect(begun <= shape.begun[second], "by the end of second \(second)")
                let due = Int(shape.due(max(0, Double(second + 1) - lag / 1000), longest / 1000))
                #expect(begun >= min(due, shape.begun[second]), "by the end of second \(second)")
                let users = sum(\.mostUsers, second) { _ in 0 }
                #expect(users <= shape.users[second], "in second \(second)")
            }
            for (second, count) in shape.left {
                #expect(sum(\.lastUsers, second) { _ in 0 } >= count, "at the end of second \(second)")
            }
            #expect(sum(\.begun, .max) { $0.begun.last ?? 0 } == shape.begun.last)
            #expect(sum(\.lastUsers, .max) { $0.lastUsers.last ?? -1 } == 0)
            #expect(reports.reduce(0) { $0 + $1.sessions.opened } == shape.begun.last)
            #expect(reports.allSatisfy { ($0.counter("dropped_iterations") ?? 0) == 0 })
        }
    }
}
