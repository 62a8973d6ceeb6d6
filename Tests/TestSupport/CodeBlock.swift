/// A fenced block of a Markdown document.
package struct CodeBlock: Sendable {
    /// The line of its fence.
    package let line: Int
    /// What stands on the fence: the language, and what there is to say about it.
    package let info: String
    /// Its lines, each with its newline.
    package let text: String

    package var language: Substring { info.prefix { $0 != " " } }

    /// The blocks of a document of this package, in order.
    /// - Throws: `SystemCallFailure`.
    package static func all(in document: String) throws -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var fence: (line: Int, info: String)?
        var text = ""
        let lines = try TextFile.read(BuiltProducts.packageRoot + "/" + document)
            .split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if !line.hasPrefix("```") {
                text += line + "\n"
            } else if let opened = fence {
                blocks.append(CodeBlock(line: opened.line, info: opened.info, text: text))
                fence = nil
            } else {
                fence = (index + 1, String(line.dropFirst(3)))
                text = ""
            }
        }
        return blocks
    }
}
