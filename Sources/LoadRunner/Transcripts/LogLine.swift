import Diagnostics
import EventProgram
import Expressions

/// What a `log` step writes: one line that does nothing to a terminal.
enum LogLine {
    /// Bytes of text that a line has. What is longer is cut, or one line would hold up everybody while it is made.
    static let byteLimit = 64 << 10

    /// A line marked with its level, scenario, user and iteration, without secrets.
    static func make(
        _ level: LogLevel, _ text: ArraySlice<UInt8>, of user: borrowing VirtualUser, in job: ScenarioJob
    ) -> [UInt8] {
        var line = Array(
            "\(level.name.uppercased()) [\(job.program.scenario) vu=\(user.id) iter=\(user.iteration)] ".utf8)
        let shown = text.prefix(byteLimit)
        let isCut = shown.count < text.count
        append(job.facts.secrets.masked(Array(shown), isCut: isCut), to: &line)
        if isCut { line += " … (\(text.count - shown.count) more bytes)".utf8 }
        return line
    }

    /// Appends text that anybody may have written. Tabs stay.
    private static func append(_ text: [UInt8], to line: inout [UInt8]) {
        // Most of what is logged is printable ASCII, and stays as it is.
        guard !text.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == UInt8(ascii: "\t") }) else {
            line += text
            return
        }
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            line += (scalar == "\t" ? "\t" : scalar.escapedForDisplay).utf8
        }
    }
}
