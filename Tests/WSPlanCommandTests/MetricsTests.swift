import TestSupport
import Testing

extension EndToEnd {
    /// Metrics of the plan's own, and marks.
    @Suite struct Metrics {
        /// At 2,400 requests a second, nine in ten of them held for 517 ms on average, there are 1,100 in flight. They come each
        /// 5 ms, and their answers are due at other times, so that none waits in the server while that is busy. Those that are
        /// answered at once tell what the way takes, on this machine and with all that runs on it. Of such times a histogram
        /// tells 0.3 ms apart.
        @Test func aThousandRequestsAreInFlightAndEachIsMeasured() async throws {
            let folder = try TemporaryDirectory()
            let delays = [0, 501, 517, 533]
            let server = try await EndToEnd.replyServer(delays: delays)
            let plan = """
                url: \(server.url)
                on_open:
                  - every: 5ms
                    times: 400
                    do:
                      - repeat: 12
                        do:
                          - let:
                              id: counter("request")
                          - mark: request-${id}
                          - send:
                              json:
                                id: ${id}
                  - after: 3s
                    do:
                      - close
                on_message:
                  - if: message.json.class == 0
                    then:
                      - measure: at_once
                        since: request-${message.json.id}
                  - if: message.json.class == 1
                    then:
                      - measure: first
                        since: request-${message.json.id}
                  - if: message.json.class == 2
                    then:
                      - measure: second
                        since: request-${message.json.id}
                  - if: message.json.class == 3
                    then:
                      - measure: third
                        since: request-${message.json.id}
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            let counts = try await server.finish(ReplyCounts.self)

            #expect(counts.received == 4800 && counts.never > 0 && counts.twice > 0)
            #expect(counts.inFlight >= 1000, "\(counts)")
            let mark = RunReport.Mark(
                key: "request-${id}", set: counts.received, measured: counts.answered, replaced: 0,
                neverMeasured: counts.never, cut: 0)
            #expect(report.marks == [mark])
            #expect(report.missedMeasures.reduce(0) { $0 + $1.withoutMark } == counts.twice)
            let way = try #require(report.trend("at_once")).med - counts.held[0][1]
            for (index, name) in ["at_once", "first", "second", "third"].enumerated() {
                let trend = try #require(report.trend(name))
                let held = counts.held[index]
                #expect(trend.count == Int(held[0]))
                #expect(trend.min >= Double(delays[index]) - 0.01, "\(name): \(trend)")
                #expect(
                    (held[1] - 0.01...held[1] + way + 1).contains(trend.med),
                    "\(name): \(trend.med) for \(held[1]), and \(way) for the way")
            }
        }

        @Test func everyKindOfMetricAddsUpItsSamples() async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                tags:
                  team: blue
                metrics:
                  amount: counter
                  price: trend
                  depth: gauge
                  small: rate
                  took: trend(ms)
                  long: trend(ms)
                load:
                  vus: 2
                  iterations_per_vu: 5
                on_open:
                  - send: ${vu.iteration}
                on_message:
                  - group: samples
                    do:
                      - record:
                          amount: 0.1
                          price: message.json * 1000000
                          depth: message.json - 2
                          small: message.json < 2
                          took: message.json + 0.2
                          long: '"5h"'
                  - close
                thresholds:
                  amount: count == 1
                  price:
                    - max < 4100000
                    - count == 10
                  depth: min == -2
                  small{group=samples, team=blue}: rate == 40%
                  took{scenario=default}:
                    - min == 0.2ms
                    - max == 4.2ms
                  long:
                    - med > 298m
                    - p(90) <= 5h
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.thresholds.count == 9 && report.thresholds.allSatisfy { $0.outcome == "passed" })
            #expect(report.counters.first { $0.metric == "amount" }?.count == 1)
            let price = try #require(report.trend("price"))
            #expect(price.unit == "number" && price.count == 10 && price.min == 0 && price.max == 4_000_000)
            #expect(abs(price.med / 2_000_000 - 1) < 0.002)
            let depth = try #require(report.gauges.first { $0.metric == "depth" })
            #expect(depth.min == -2 && depth.max == 2)
            let small = try #require(report.rates.first { $0.metric == "small" })
            #expect(small.passes == 4 && small.fails == 6)
            let took = try #require(report.trend("took"))
            #expect(took.unit == "ms" && took.max == 4.2 && took.count == 10)
        }

        /// The column is read nowhere else.
        @Test func aTimeInDataIsMeasuredFrom() async throws {
            let folder = try TemporaryDirectory()
            _ = try folder.write("sent\n1700000000000\n", to: "times.csv")
            let plan = """
                serve: echo
                url: ${server.url}
                data:
                  times:
                    file: times.csv
                on_open:
                  - measure: age
                    since_ms: int(data.times.sent)
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let age = try #require(RunReport(contentsOf: folder.path(of: "report.json")).trend("age"))
            #expect(age.count == 1 && age.min > 9e10)
        }

        /// Names are bytes: in whatever way é is written, it is another key. And a secret is masked in names as well.
        @Test func namesAreComparedAsBytesAndMasked() async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                env:
                  TOKEN:
                    secret: true
                    default: hunter2
                metrics:
                  hunter2_counter: counter
                  hunter2_gauge: gauge
                  hunter2_rate: rate
                  hunter2_trend: trend
                on_open:
                  - record:
                      hunter2_counter: 1
                      hunter2_gauge: 1
                      hunter2_rate: true
                      hunter2_trend: 1
                  - mark: caf\u{E9}
                  - mark: cafe\u{301}
                  - measure: hunter2_time
                    since: caf\u{E9}
                  - measure: hunter2_time
                    since: caf\u{E9}
                  - close
                thresholds:
                  hunter2_gauge: max > 5
                  hunter2_time: count == 1
                """
            var runner = try EndToEnd.run(plan: plan, in: folder)
            runner.arguments += ["--allow-limited"]
            let result = try await runner.run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.marks.map { $0.measured } == [1, 0] && report.marks.map { $0.neverMeasured } == [0, 1])
            #expect(report.trend("***_time")?.count == 1)
            let text = try TextFile.read(folder.path(of: "report.json"))
            for output in [result.output, result.error, text] { #expect(!output.contains("hunter2"), "\(output)") }
        }

        @Test func whatTheLoadsEndCutsShortIsCountedApart() async throws {
            let folder = try TemporaryDirectory()
            let plan = """
                serve: echo
                url: ${server.url}
                load:
                  vus: 1
                  duration: 300ms
                on_open:
                  - mark: never
                  - mark: never
                  - send: hello
                on_message:
                  - measure: age
                    since_ms: now_ms() + 60000
                  - measure: other
                    since: never-${message.text}
                  - mark: never-${message.json.x}
                on_error:
                  - measure: other
                    since: never
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            // The key of the last mark cannot be evaluated: that ends the session.
            #expect(result.exitCode == 1, "\(result.transcript)")
            #expect(report.errors.map(\.kind) == ["expression"])
            let marks = try #require(report.marks.first)
            #expect(marks.replaced == marks.measured)
            #expect(marks.set == marks.measured + marks.replaced + marks.neverMeasured + marks.cut)
            #expect(report.missedMeasures.map(\.metric) == ["age", "other"])
            #expect(report.missedMeasures.first.map { $0.inFuture > 0 && $0.withoutMark == 0 } == true)
            #expect(result.output.contains("lay after now"), "\(result.transcript)")
        }
    }
}
