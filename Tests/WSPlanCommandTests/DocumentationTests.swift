import TestSupport
import Testing

extension EndToEnd {
    /// What the documentation shows can be used as it stands.
    @Suite struct Documentation {
        /// A block that begins with "```yaml" is a whole plan; "```yaml fragment" is part of one.
        @Test(arguments: ["README.md", "docs/plan-language.md"])
        func everyPlanInItIsAccepted(_ file: String) async throws {
            let folder = try TemporaryDirectory()
            let blocks = codeBlocks("yaml", in: try TextFile.read(BuiltProducts.packageRoot + "/" + file))
            try #require(!blocks.isEmpty)
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
