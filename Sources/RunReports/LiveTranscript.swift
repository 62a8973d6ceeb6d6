import Diagnostics
package import LoadMetrics

/// A run as it happens, line by line: what goes over the wire, and what the plan makes of it.
///
/// Everything that a peer may have written is escaped.
package struct LiveTranscript: Sendable {
    private let style: ReportStyle
    /// Stands before everything that happens in a scenario, where there are several.
    private let heading: String

    /// - Parameter scenario: its name, where there are several; nil for the only one.
    package init(style: ReportStyle = .plain, scenario: String? = nil) {
        self.style = style
        heading = scenario.map { $0.escaped(limit: 100) + "  " } ?? ""
    }

    /// The lines of one event, without line breaks.
    package func lines(for event: TranscriptEvent) -> [String] {
        var lines = content(of: event.kind)
        let time = timeText(event.sinceNanoseconds)
        lines[0] = paint(time, .faint) + "  " + (heading.isEmpty ? "" : paint(heading, .faint)) + lines[0]
        for index in lines.indices.dropFirst() {
            lines[index] = String(repeating: " ", count: time.columnCount + heading.columnCount + 2) + lines[index]
        }
        return lines
    }

    /// Milliseconds under each other: `    0.42 ms`.
    private func timeText(_ nanoseconds: Int64) -> String {
        let text = NumberFormat.fixed(Double(nanoseconds) / 1e6, decimals: 2) + " ms"
        return String(repeating: " ", count: max(0, 11 - text.utf8.count)) + text
    }

    /// At least one line.
    private func content(of kind: TranscriptEvent.Kind) -> [String] {
        switch kind {
        case .connecting(let url): return [paint("· connecting to \(url.escaped())", .faint)]
        case .asked(let peer, let security, let request):
            var lines = [paint("· connected to \(peer.escaped())", .faint)]
            if let security { lines.append(paint("· \(security.escaped())", .faint)) }
            return lines + head(Self.lines(of: request), .sent)
        case .answered(let answer, let reasonPhrase):
            let status = "\(answer.status)" + (reasonPhrase.isEmpty ? "" : " " + reasonPhrase)
            var lines = head([status] + answer.headers.map { "\($0.name): \($0.value)" }, .received)
            if !answer.body.isEmpty {
                lines.append("← " + String(decoding: answer.body, as: UTF8.self).escaped())
            }
            return lines
        case .frame(let frame): return [line(of: frame)]
        case .log(let level, let text):
            let emphasis: Emphasis = level == "error" ? .bad : level == "warn" ? .warning : .none
            let words = String(decoding: text, as: UTF8.self).escaped(limit: 2_000)
            return ["  " + paint(level.uppercased(), emphasis) + " " + words]
        case .check(let name, let passed):
            return [paint(passed ? "✓" : "✗", passed ? .good : .bad) + " \(name.escaped())"]
        case .error(let kind, let message):
            return [paint("✗", .bad) + " error \(kind.escaped()): \(message.escaped())"]
        case .closed(let code, let initiator):
            let words = code == 1005 ? "without a code" : code == 1006 ? "without a Close frame" : "with \(code)"
            return [paint("· closed by \(initiator.closer) \(words)", .faint)]
        }
    }

    /// The lines of an HTTP head: the first as it is, the fields below it faint.
    private func head(_ lines: [String], _ direction: TranscriptFrame.Direction) -> [String] {
        lines.enumerated().map { index, line in
            let text = line.escaped(limit: 1_000)
            return "\(direction.arrow) " + (index == 0 ? text : paint(text, .faint))
        }
    }

    private static func lines(of request: [UInt8]) -> [String] {
        String(decoding: request, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private func line(of frame: TranscriptFrame) -> String {
        let opcode = frame.opcode.rawValue
        let size = NumberFormat.bytes(Double(frame.size))
        let columns =
            opcode + String(repeating: " ", count: 6 - opcode.utf8.count)
            + String(repeating: " ", count: max(1, 9 - size.utf8.count))
        let text = FrameText(frame).text
        return "\(frame.direction.arrow) \(columns)" + paint(size, .faint) + (text.isEmpty ? "" : "  " + text)
    }

    private func paint(_ text: String, _ emphasis: Emphasis) -> String { emphasis.applied(to: text, style) }
}
