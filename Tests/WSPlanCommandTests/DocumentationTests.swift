import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// What the documentation shows can be used as it stands, and does what stands there.
    ///
    /// A block whose fence says `yaml` is a whole plan that passes, with `yaml fails` one that fails; `csv users.csv` is a file
    /// beside the plans. What `cel` blocks say is tested by `ExpressionsTests`.
    @Suite struct Documentation {
        static let reference = "docs/plan-language.md"
        static let documents = ["README.md", reference]

        @Test(arguments: documents) func everyBlockIsOfAKindThatIsTested(_ document: String) throws {
            let kinds: Set<Substring> = ["yaml", "csv", "json", "jsonl", "cel", "console", "text"]
            for block in try CodeBlock.all(in: document) where block.language != "sh" {
                #expect(kinds.contains(block.language), "\(document):\(block.line)")
                let isKnown = block.language != "yaml" || ["yaml", "yaml fails"].contains(block.info)
                #expect(isKnown, "\(document):\(block.line)")
            }
        }

        @Test(arguments: documents) func everyPlanDoesWhatIsSaidOfIt(_ document: String) async throws {
            let plans = try ExamplePlan.all(in: document)
            try #require(!plans.isEmpty)
            let servers = try await ExampleServers()
            for plan in plans {
                let lint = try await EndToEnd.wsplan("lint", plan.path).run()
                #expect(lint.exitCode == 0, "\(document):\(plan.line)\n\(lint.transcript)")
                #expect(!lint.output.contains("warning:"), "\(document):\(plan.line)\n\(lint.transcript)")
                var run = EndToEnd.wsplan("run", plan.path)
                run.arguments += servers.arguments(for: plan)
                let result = try await run.run()
                #expect(result.exitCode == (plan.fails ? 1 : 0), "\(document):\(plan.line)\n\(result.transcript)")
            }
            try await servers.stop()
        }

        /// By the schema, which knows as much as lint (`Schema`), and by the plans that were run.
        @Test func everyKeyAndWordOfTheLanguageHasAnExample() async throws {
            let plans = try ExamplePlan.all(in: Self.reference)
            let result = try await ProcessRunner(
                BuiltProducts.python,
                ["-I", EndToEnd.servers + "/plan_coverage.py", BuiltProducts.packageRoot + "/schemas/plan.schema.json"]
                    + plans.map(\.path)
            ).run()
            withExtendedLifetime(plans) {
                #expect(result.exitCode == 0, "\(result.transcript)")
            }
        }

        /// But for the comment at its top.
        @Test func theReadmeShowsTheExamplePlanAsItIs() throws {
            let shown = try CodeBlock.all(in: "README.md").first { $0.language == "yaml" }
            #expect(try TextFile.read(EndToEnd.plans + "/echo.yaml").hasSuffix("\n" + (shown?.text ?? "")))
        }

        @Test func everyTargetHasItsLineInTheLayout() throws {
            let layout = try TextFile.read(BuiltProducts.packageRoot + "/CONTRIBUTING.md")
                .split(separator: "\n").filter { $0.hasPrefix("| `") }
                .flatMap { $0.split(separator: "|")[0].split(separator: "`") }
                .filter { $0.allSatisfy { $0.isLetter || $0.isNumber } }.map(String.init)
            #expect(try layout.sorted() == TextFile.names(in: BuiltProducts.packageRoot + "/Sources"))
        }

        @Test func everyOptionIsDocumentedAndNoOther() async throws {
            var offered: Set<Substring> = []
            for command in ["run", "report", "lint", "compile", "eval", "schema", "serve"] {
                offered.formUnion(options(in: try await EndToEnd.wsplan(command, "--help").run().output))
            }
            let text = try TextFile.read(BuiltProducts.packageRoot + "/" + Self.reference)
            #expect(options(in: text) == offered.subtracting(["--help", "--version"]))
        }

        private func options(in text: String) -> Set<Substring> {
            Set(text.split { !$0.isLetter && $0 != "-" }.filter { $0.hasPrefix("--") && $0.count > 3 })
        }

        @Test func theReadmeShowsWhatTheExamplePlanPrints() async throws {
            let shown = try #require(try CodeBlock.all(in: "README.md").first { $0.language == "console" })
            let result = try await EndToEnd.wsplan("run", EndToEnd.plans + "/echo.yaml").run()
            let lines = shown.text.split(separator: "\n").filter { $0.first != "$" }
            let logged = result.errorLines.map(\.withoutNumbers)
            for line in lines where line.hasPrefix("INFO") {
                #expect(logged.contains(line.withoutNumbers), "\(line)\n\(result.transcript)")
            }
            expect(
                lines.filter { !$0.hasPrefix("INFO") },
                in: result.output.replacing(BuiltProducts.packageRoot + "/", with: ""))
        }

        /// The plan that fails: its summary, and its smoke run.
        @Test func whatIsShownOfAFailureIsWhatIsPrinted() async throws {
            let folder = try TemporaryDirectory()
            let blocks = try CodeBlock.all(in: Self.reference)
            let plan = try #require(blocks.first { $0.info == "yaml fails" })
            let path = try folder.write(plan.text, to: "orders.yaml")
            let summary = try await EndToEnd.wsplan("run", path).run().output.replacing(folder.path + "/", with: "")
            let smoke = try await EndToEnd.wsplan("run", "--smoke", path).run().error
            for (start, printed) in [("checks\n", summary), ("orders: smoke run", smoke)] {
                let shown = try #require(blocks.first { $0.info == "text" && $0.text.hasPrefix(start) })
                expect(shown.text.split(separator: "\n"), in: printed)
            }
            let excerpt = try #require(try CodeBlock.all(in: "README.md").first { $0.info == "text" })
            expect(excerpt.text.split(separator: "\n"), in: summary)
        }

        /// The command lines that make a run in parts, and what they print of the whole.
        @Test func whatIsShownOfAMergedRunIsWhatIsPrinted() async throws {
            let folder = try TemporaryDirectory()
            let blocks = try CodeBlock.all(in: Self.reference)
            let example = try #require(blocks.firstIndex { $0.text.contains("$ wsplan report") })
            try folder.write(blocks[example + 1].text, to: "orders.yaml")
            let lines = blocks[example].text.split(separator: "\n")
            let commands = lines.filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }.joined(separator: "\n")
            let path = BuiltProducts.wsplan.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let result = try await ProcessRunner(
                "/bin/sh", ["-c", "cd \(folder.path); PATH=\(path.joined(separator: "/")):$PATH\n\(commands)"]
            ).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            expect(lines.filter { !$0.hasPrefix("$ ") }, in: result.output)
            #expect(try TextFile.read(folder.path(of: "orders.xml")).contains("failures=\"0\" errors=\"0\""))
        }

        @Test func whatIsShownOfADryRunIsWhatIsPrinted() async throws {
            let folder = try TemporaryDirectory()
            let blocks = try CodeBlock.all(in: Self.reference)
            let example = try #require(blocks.firstIndex { $0.text.hasPrefix("$ wsplan run --dry-run shop.yaml") })
            let path = try folder.write(blocks[example + 1].text, to: "shop.yaml")
            let result = try await EndToEnd.wsplan("run", "--dry-run", path).run()
            #expect(result.exitCode == 0, "\(result.transcript)")
            let lines = blocks[example].text.split(separator: "\n").dropFirst()
            expect(Array(lines), in: result.output.replacing(folder.path + "/", with: ""))
        }

        @Test func everyCommandLineOfEvalPrintsWhatIsShown() async throws {
            let folder = BuiltProducts.wsplan.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            var count = 0
            for block in try CodeBlock.all(in: Self.reference) where block.text.hasPrefix("$ wsplan eval") {
                let shown = block.text.split(separator: "$ ").map { $0.split(separator: "\n", maxSplits: 1) }
                for lines in shown {
                    let command = "PATH=\(folder.joined(separator: "/")):$PATH; \(lines[0])"
                    let result = try await ProcessRunner("/bin/sh", ["-c", command]).run()
                    #expect(result.output == lines[1], "\(result.transcript)")
                    count += 1
                }
            }
            #expect(count > 1)
        }

        /// Expects lines that follow one another, whatever the numbers in them and before and behind them; `…` stands for lines
        /// that are left out.
        private func expect(_ lines: [Substring], in text: String) {
            var printed = text.split(separator: "\n").withoutGenerator.map(\.withoutNumbers)[...]
            var isAfterCut = true
            for line in lines.withoutGenerator {
                if line == "…" {
                    isAfterCut = true
                    continue
                }
                let rest = isAfterCut ? printed.drop { $0 != line.withoutNumbers } : printed
                #expect(rest.first == line.withoutNumbers, "\(line)\n\(text)")
                printed = rest.dropFirst()
                isAfterCut = false
            }
        }
    }
}

extension [Substring] {
    /// Lines without those on how the generator fared, which depends on the machine.
    fileprivate var withoutGenerator: [Substring] {
        guard let start = firstIndex(where: { $0.hasPrefix("  generator: ") }) else { return self }
        let end = self[(start + 1)...].firstIndex { !$0.hasPrefix("    ") } ?? endIndex
        return Array(self[..<start] + self[end...])
    }
}

extension Substring {
    /// Its words, `#` for those with a digit, and for the digests of handshakes.
    fileprivate var withoutNumbers: [String] {
        split(separator: " ").map { $0.contains(where: \.isNumber) || $0.hasSuffix("=") ? "#" : String($0) }
    }
}
