import TestSupport
import Testing

extension EndToEnd {
    /// What the documentation shows can be used as it stands.
    @Suite struct Documentation {
        /// A block that begins with "```yaml" is a whole plan; "```yaml fragment" is part of one, and "```csv users.csv" a file
        /// beside the plans.
        @Test(arguments: ["README.md", "docs/plan-language.md"])
        func everyPlanInItIsAccepted(_ file: String) async throws {
            let folder = try TemporaryDirectory()
            let document = try TextFile.read(BuiltProducts.packageRoot + "/" + file)
            let blocks = codeBlocks("yaml", in: document)
            try #require(!blocks.isEmpty)
            for fence in document.split(separator: "\n") where fence.hasPrefix("```") && fence.contains(".") {
                let text = codeBlocks(String(fence.dropFirst(3)), in: document).map(\.text).joined()
                try folder.write(text, to: String(try #require(fence.split(separator: " ").last)))
            }
            for (line, text) in blocks {
                let path = try folder.write(text, to: "line-\(line).yaml")
                let result = try await EndToEnd.wsplan("lint", path).run()
                #expect(result.exitCode == 0, "\(file):\(line)\n\(result.transcript)")
            }
        }

        /// But for the comment at its top.
        @Test func theReadmeShowsTheExamplePlanAsItIs() throws {
            let shown = codeBlocks("yaml", in: try TextFile.read(BuiltProducts.packageRoot + "/README.md"))
            #expect(try TextFile.read(EndToEnd.plans + "/echo.yaml").hasSuffix("\n" + (shown.first?.text ?? "")))
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
            for command in ["run", "lint", "compile", "eval", "schema", "serve"] {
                offered.formUnion(options(in: try await EndToEnd.wsplan(command, "--help").run().output))
            }
            let text = try TextFile.read(BuiltProducts.packageRoot + "/docs/plan-language.md")
            #expect(options(in: text) == offered.subtracting(["--help", "--version"]))
        }

        private func options(in text: String) -> Set<Substring> {
            Set(text.split { !$0.isLetter && $0 != "-" }.filter { $0.hasPrefix("--") && $0.count > 3 })
        }

        /// The same lines in the same order, whatever the numbers in them; `…` stands for lines that are left out.
        @Test func theReadmeShowsWhatTheExamplePlanPrints() async throws {
            let shown = codeBlocks("console", in: try TextFile.read(BuiltProducts.packageRoot + "/README.md"))
            let result = try await EndToEnd.wsplan("run", EndToEnd.plans + "/echo.yaml").run()
            var printed = withoutNumbers(result.output.replacing(BuiltProducts.packageRoot + "/", with: ""))[...]
            let logged = withoutNumbers(result.error)
            var isAfterCut = false
            let lines = withoutNumbers(try #require(shown.first).text).drop { $0.first == "$" }
            for line in lines where !line.isEmpty {
                if line == ["…"] {
                    isAfterCut = true
                } else if line.first == "INFO" {
                    #expect(logged.contains(line), "\(line)\n\(result.transcript)")
                } else {
                    let rest = isAfterCut ? printed.drop { $0 != line } : printed.drop(while: \.isEmpty)
                    #expect(rest.first == line, "\(line)\n\(result.transcript)")
                    printed = rest.dropFirst()
                    isAfterCut = false
                }
            }
        }

        /// The words of each line, `#` for those with a digit.
        private func withoutNumbers(_ text: String) -> [[String]] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.split(separator: " ").map { $0.contains(where: \.isNumber) ? "#" : String($0) }
            }
        }

        /// The blocks whose fence says exactly `info`, each with the line of its fence.
        private func codeBlocks(_ info: String, in markdown: String) -> [(line: Int, text: String)] {
            var blocks: [(line: Int, text: String)] = []
            var isInside = false
            var isWanted = false
            for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if line.hasPrefix("```") {
                    isInside.toggle()
                    isWanted = isInside && line == "```" + info
                    if isWanted { blocks.append((index + 1, "")) }
                } else if isWanted {
                    blocks[blocks.count - 1].text += line + "\n"
                }
            }
            return blocks
        }
    }
}
