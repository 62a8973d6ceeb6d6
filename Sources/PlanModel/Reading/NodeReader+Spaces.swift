import Diagnostics
import PlanSyntax

/// Where a `:` or a `-` has no space behind it, YAML reads text in place of a mapping or a list.
extension NodeReader {
    /// Reports text that would be a mapping with a space behind each colon.
    mutating func reportMissingSpace(behindKeyIn node: PlanNode) -> Bool {
        guard node.scalar?.isPlain == true else { return false }
        return report(lines(in: node.span).map { MissingSpace(behindKeyIn: $0.text)?.diagnostic(at: $0.start) })
    }

    /// Reports what would be a list with spaces behind its dashes, and gives its elements, as far as they can be read; nil
    /// for anything else.
    mutating func listWithoutSpaces(_ node: PlanNode) -> [PlanNode]? {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.isPlain,
                report(lines(in: node.span).map { MissingSpace(behindDashIn: $0.text)?.diagnostic(at: $0.start) })
            else { return nil }
            leaveOut(node)
            return []
        case .mapping(let entries):
            // In JSON, or quoted, a dash is a letter of the key.
            let keys = entries.map(\.key.span).filter { file.text(of: $0).hasPrefix("-") }
            let found = keys.map { (start: Int($0.start), text: file.text(of: lineSpan(from: $0))) }
            let isReported = report(found.map { MissingSpace(behindDashIn: $0.text)?.diagnostic(at: $0.start) })
            return isReported ? node.elementsAtDashes : nil
        case .sequence, .unreadable: return nil
        }
    }

    /// From the start of a span to the end of its line.
    private func lineSpan(from span: SourceSpan) -> SourceSpan {
        let end = file.bytes[Int(span.start)...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? file.bytes.count
        return SourceSpan(Int(span.start)..<end)
    }

    /// Reports what was found on the lines of a text; nothing where the first has no such fault.
    private mutating func report(_ found: [Diagnostic?]) -> Bool {
        guard let first = found.first, first != nil else { return false }
        findings += found.compactMap(\.self)
        return true
    }

    /// The lines of a span without their indentation, and where they start.
    private func lines(in span: SourceSpan) -> [(start: Int, text: String)] {
        file.bytes[span.range].split { $0 == 0x0A || $0 == 0x0D }.compactMap { line in
            guard let start = line.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
            return (start, String(decoding: line[start...], as: UTF8.self))
        }
    }
}
