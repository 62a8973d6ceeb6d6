import TestSupport
import Testing

extension EndToEnd {
    /// `wsplan lint`, and the same judgement in `wsplan run`.
    @Suite struct LintCommand {
        /// A plan with one mistake.
        struct Mistake: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let place: String
            let plan: String

            init(_ name: String, at place: String, _ plan: String) {
                testDescription = name
                self.place = place
                self.plan = plan
            }
        }

        static let mistakes = [
            Mistake("unknown key", at: "2:1", "url: ws://127.0.0.1/\non_mesage:\n  - close\non_open:\n  - close\n"),
            Mistake("unknown verb", at: "3:5", "url: ws://127.0.0.1/\non_open:\n  - sned: hello\n  - close\n"),
            Mistake("bad url", at: "1:6", "url: http://127.0.0.1/\non_open:\n  - close\n"),
            Mistake("no unit", at: "3:12", "url: ws://127.0.0.1/\ntimeouts:\n  connect: 10\non_open:\n  - close\n"),
            Mistake("step after close", at: "4:5", "url: ws://127.0.0.1/\non_open:\n  - close\n  - send: hello\n"),
            Mistake("duplicate key", at: "2:1", "url: ws://127.0.0.1/\nurl: ws://127.0.0.1/\non_open:\n  - close\n"),
        ]

        @Test(arguments: mistakes) func namesTheRuleAndThePlace(_ mistake: Mistake) async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(mistake.plan, to: "plan.yaml")
            for command in ["lint", "run", "compile"] {
                let result = try await EndToEnd.wsplan(command, path).run()
                #expect(result.exitCode == 2, "\(command)\n\(result.transcript)")
                let first = (result.output + result.error).split(separator: "\n").first ?? ""
                #expect(first.hasPrefix("\(path):\(mistake.place): error: "), "\(command)\n\(result.transcript)")
                #expect(first.contains("[WSP"), "\(command)\n\(result.transcript)")
            }
        }

        /// What only the executable can judge: what plans need of the machine.
        @Test(arguments: Fixture.all(in: "err", endingIn: [".yaml", ".json"]))
        func saysAllThatIsWrong(_ fixture: Fixture) async throws {
            let result = try await EndToEnd.wsplan("lint", fixture.path).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            let folder = fixture.path.dropLast(fixture.name.utf8.count)
            Golden.expect(result.output.replacing(folder, with: ""), equals: fixture.path + ".out")
        }

        @Test func allProblemsAreReportedInSourceOrder() async throws {
            let folder = try TemporaryDirectory()
            let path = try folder.write(
                """
                url: ws://127.0.0.1/
                load:
                  duration: 10
                on_open:
                  - sned: hello
                  - close
                on_mesage:
                  - close
                """, to: "plan.yaml")
            let result = try await EndToEnd.wsplan("lint", path).run()
            let places = (result.output + result.error).split(separator: "\n")
                .filter { $0.contains(": error: ") }
                .map { $0.dropFirst(path.count).split(separator: ": ")[0] }
            #expect(places == [":3:13", ":5:5", ":7:1"], "\(result.transcript)")
        }

        @Test func aFolderIsAllItsPlans() async throws {
            let folder = try TemporaryDirectory()
            let good = "url: ws://127.0.0.1/\non_open:\n  - close\n"
            try folder.write(good, to: "good.yaml")
            try folder.write("ulr: ws://127.0.0.1/\n", to: "bad.yaml")
            try folder.write(#"{"ulr": "ws://127.0.0.1/"}"#, to: "bad.json")
            try folder.write("ulr: not a plan\n", to: "notes.txt")
            let result = try await EndToEnd.wsplan("lint", folder.path).run()
            let text = result.output + result.error
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(text.contains("/bad.yaml:1:1: error: "), "\(result.transcript)")
            #expect(text.contains("/bad.json:1:2: error: "), "\(result.transcript)")
            #expect(!text.contains("good.yaml:") && !text.contains("notes.txt"), "\(result.transcript)")
        }

        /// The library's tests do this with everything; here a sample goes through the executable, in one process.
        @Test func aPlanThatIsCutOffIsNamedWithAPlace() async throws {
            let folder = try TemporaryDirectory()
            let plan = Array(try TextFile.read(EndToEnd.plans + "/echo.json").utf8)
            let lengths = Array(stride(from: 0, to: plan.count - 3, by: 11))
            for length in lengths {
                try folder.write(String(decoding: plan[..<length], as: UTF8.self), to: "cut-\(length).json")
            }
            let result = try await EndToEnd.wsplan("lint", folder.path).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            let text = result.output + result.error
            for length in lengths { #expect(text.contains("/cut-\(length).json:"), "\(result.transcript)") }
        }

        @Test func onePlanThatIsWrongKeepsAllFromRunning() async throws {
            let server = try await EndToEnd.echoServer()
            let folder = try TemporaryDirectory()
            let good = try folder.write("url: \(server.url)\non_open:\n  - close\n", to: "good.yaml")
            let bad = try folder.write("url: \(server.url)\non_open:\n  - clsoe\n", to: "bad.yaml")
            let result = try await EndToEnd.wsplan("run", good, bad).run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect(try await server.finish(ServerCounts.self).sessions == 0)
        }

        @Test func aDashIsStandardInput() async throws {
            var runner = EndToEnd.wsplan("lint", "-")
            runner.input = Array("url: ws://127.0.0.1/\non_open:\n  - clsoe\n".utf8)
            var result = try await runner.run()
            #expect(result.exitCode == 2, "\(result.transcript)")
            #expect((result.output + result.error).contains(":3:5: error: "), "\(result.transcript)")

            runner.input = Array(try TextFile.read(EndToEnd.plans + "/basic.yaml").utf8)
            result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            runner.arguments = ["run", "-"]
            result = try await runner.run()
            #expect(result.exitCode == 0, "\(result.transcript)")
        }
    }
}
