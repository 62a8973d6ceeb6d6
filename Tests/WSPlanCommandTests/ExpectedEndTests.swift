import TestSupport
import Testing

extension EndToEnd {
    /// How sessions may end, as `expect` says it: statuses, close codes, who closes, and errors. Against a server of
    /// another make.
    @Suite struct ExpectedEnds {
        struct Case: CustomTestStringConvertible, Sendable {
            /// What the server does; nil for nobody being there.
            let path: String?
            /// The value of `expect`, in YAML's flow style.
            let expect: String
            let exitCode: Int32
            /// How often each check of a session passed and failed.
            let checks: [String]
            let errors: [String]
            let steps: String

            init(
                _ path: String?, _ expect: String, _ exitCode: Int32, checks: [String] = [], errors: [String] = [],
                steps: String = "  - wait: 10s\n  - close"
            ) {
                self.path = path
                self.expect = expect
                self.exitCode = exitCode
                self.checks = checks
                self.errors = errors
                self.steps = steps
            }

            var testDescription: String { "\(path ?? "nobody"), \(expect)" }
        }

        static let cases = [
            Case("status/403", "{}", 1, checks: ["✗ status is 101"], errors: ["http_status"]),
            Case("status/403", "{status: 403}", 0, checks: ["✓ status is 403"]),
            Case("status/403", "{status: [101, 401, 403]}", 0, checks: ["✓ status is 101, 401 or 403"]),
            Case(
                "status/404", "{status: [101, 403]}", 1, checks: ["✗ status is 101 or 403"], errors: ["http_status"]),
            Case("status/503", "{errors: http_status}", 0, errors: ["http_status"]),
            Case(
                "status/503", "{errors: [refused, timeout]}", 1, checks: ["✗ status is 101"], errors: ["http_status"]),
            Case("close/1000", "{}", 0, checks: ["✓ status is 101"]),
            Case("close/1011", "{}", 1, checks: ["✓ status is 101"], errors: ["close_code"]),
            Case("close/4001", "{close: 4001}", 0, checks: ["✓ status is 101", "✓ close code is 4001"]),
            Case(
                "close/4001", "{close: [1000, 4001]}", 0,
                checks: ["✓ status is 101", "✓ close code is 1000 or 4001"]),
            Case(
                "close/1000", "{close: 4001}", 1, checks: ["✓ status is 101", "✗ close code is 4001"],
                errors: ["close_code"]),
            Case("close/4001", "{errors: close_code}", 0, checks: ["✓ status is 101"], errors: ["close_code"]),
            Case(
                "close/4001", "{close: 1000, errors: [close_code]}", 0, checks: ["✓ status is 101"],
                errors: ["close_code"]),
            Case("close/1000", "{closed_by: peer}", 0, checks: ["✓ status is 101", "✓ closed by peer"]),
            Case(
                "close/1000", "{closed_by: [plan, peer]}", 0,
                checks: ["✓ status is 101", "✓ closed by plan or peer"]),
            Case("close/1000", "{closed_by: plan}", 1, checks: ["✓ status is 101", "✗ closed by plan"]),
            Case(
                "abort", "{errors: [abnormal_closure, reset], closed_by: error}", 0,
                checks: ["✓ status is 101", "✓ closed by error"], errors: ["abnormal_closure"]),
            Case(
                "abort", "{errors: abnormal_closure, closed_by: peer}", 1,
                checks: ["✓ status is 101", "✗ closed by peer"], errors: ["abnormal_closure"]),
            // What waited for a message did not get it, whatever the reason.
            Case(
                "abort", "{errors: abnormal_closure}", 1, checks: ["✓ status is 101", "✗ await never"],
                errors: ["abnormal_closure"], steps: "  - await: any\n    name: never\n  - close"),
            Case(nil, "{}", 1, checks: ["✗ status is 101"], errors: ["refused"]),
            Case(nil, "{within: 1s, errors: refused}", 0, errors: ["refused"]),
            Case(
                "echo", "{errors: close_sent}", 0, checks: ["✓ status is 101"], errors: ["close_sent"],
                steps: "  - close\non_close:\n  - send: too late"),
            Case(
                "echo", "{errors: expression}", 0, checks: ["✓ status is 101"], errors: ["expression"],
                steps: "  - send: ${1 / (vu.id - 1)}\n  - close"),
        ]

        @Test(arguments: cases) func countsAsThePlanSays(_ end: Case) async throws {
            let server = try await TestServer.start(EndToEnd.servers + "/ending_server.py")
            let nobody = try ReservedPort()
            let folder = try TemporaryDirectory()
            let plan = """
                url: ws://127.0.0.1:\(end.path.map { "\(server.port)/\($0)" } ?? "\(nobody.number)/")
                load:
                  iterations: 2
                expect: \(end.expect)
                on_open:
                \(end.steps)
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == end.exitCode, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.sessions.attempted == 2)
            #expect(report.sessions.failed == (end.exitCode == 0 ? 0 : 2), "\(result.transcript)")
            let sampled = report.checks.filter { $0.passes + $0.fails > 0 }
            #expect(
                Set(sampled.map { "\($0.fails == 0 ? "✓" : "✗") \($0.name)" }) == Set(end.checks),
                "\(result.transcript)")
            #expect(sampled.allSatisfy { $0.passes + $0.fails == 2 }, "\(result.transcript)")
            #expect(report.errors.map(\.kind) == end.errors, "\(result.transcript)")
            #expect(report.errors.allSatisfy { $0.count == 2 }, "\(result.transcript)")
            _ = try await server.finish()
        }

        /// What one scenario expects, the other does not; and each may add to what the plan says.
        @Test func scenariosExpectEachForThemselves() async throws {
            let nobody = try ReservedPort()
            let folder = try TemporaryDirectory()
            let plan = """
                url: ws://127.0.0.1:\(nobody.number)/
                expect:
                  errors: refused
                scenarios:
                  tolerant:
                    expect:
                      within: 5s
                    on_open:
                      - close
                  strict:
                    expect:
                      errors: timeout
                    on_open:
                      - close
                thresholds:
                  ws_errors{kind=refused, scenario=tolerant}: count == 1
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 1, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.sessions.failed == 1)
            #expect(report.thresholds.map(\.outcome) == ["passed"], "\(result.transcript)")
        }

        /// A connect that failed as expected is a failed one all the same: the next waits for 100 ms, then for 200 ms.
        @Test func expectedFailuresOfConnectsAreNotRepeatedAtOnce() async throws {
            let nobody = try ReservedPort()
            let folder = try TemporaryDirectory()
            let plan = """
                url: ws://127.0.0.1:\(nobody.number)/
                load:
                  iterations: 3
                expect:
                  errors: refused
                on_open:
                  - close
                """
            let result = try await EndToEnd.run(plan: plan, in: folder).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let report = try RunReport(contentsOf: folder.path(of: "report.json"))
            #expect(report.durationMilliseconds >= 300)
        }
    }
}
