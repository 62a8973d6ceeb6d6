import Diagnostics
import Glibc
import Testing

/// Lints damaged plans, and watches over that.
enum Damage {
    /// With `WSPLAN_VERIFY` no position of a file is left out.
    static let isVerifying = getenv("WSPLAN_VERIFY") != nil
    /// Beyond so many bytes of a file a part of its positions has to do.
    private static let sampledSize = 60
    /// Fixtures that reach a limit on purpose, which takes its time; few of their positions have to do.
    private static let slowFiles = ["blocks-multiply", "billion-laughs"]

    private static func positionCount(of file: SourceFile) -> Int {
        slowFiles.contains { file.name.contains("/\($0).") } ? 2 : sampledSize
    }

    /// Lints a text; it is an error of this test if a diagnostic's place is not within it.
    static func lint(_ original: SourceFile, _ bytes: [UInt8], _ blackBox: BlackBox) {
        let file = SourceFile(name: original.name, bytes: bytes)
        blackBox.record(file) {
            guard let complaint = complaint(about: LintedPlan(file)) else { return }
            Issue.record("\(complaint)\nin \(file.name):\n\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    private static func complaint(about plan: LintedPlan) -> String? {
        let isRefused = plan.diagnostics.contains { $0.severity == .error }
        if plan.programs.isEmpty, !isRefused, !plan.lacksEnvironment { return "no program, and nobody says why" }
        let rendered = plan.renderedDiagnostics
        for diagnostic in plan.diagnostics {
            for span in [diagnostic.span] + diagnostic.notes.map(\.span) {
                if let complaint = complaint(about: span, in: plan.file) { return "\(complaint): \(diagnostic)" }
            }
            if diagnostic.message.text.isEmpty { return "no words: \(diagnostic)" }
        }
        let headlines = rendered.split(separator: "\n").count { $0.hasSuffix("]") && $0.contains(" [WSP") }
        return headlines < plan.diagnostics.count ? "a diagnostic is not drawn:\n\(rendered)" : nil
    }

    /// A place is within the text, starts and ends between characters, and its line and column lead back to it.
    private static func complaint(about span: SourceSpan, in file: SourceFile) -> String? {
        guard span.end <= file.bytes.count else { return "a place behind the end" }
        for offset in [span.start, span.end] where Int(offset) < file.bytes.count {
            let position = file.position(at: offset)
            let line = file.offset(ofLine: position.line)
            guard offset >= line || position.column == 1 else { return "line \(position.line) starts behind its place" }
            let before = file.bytes[Int(min(line, offset))..<Int(offset)]
            guard !before.contains(0x0A) else { return "line \(position.line) ends before its place" }
            guard before.count(where: { $0 & 0xC0 != 0x80 }) == position.column - 1 else {
                return "column \(position.column) is another place"
            }
        }
        return nil
    }

    // MARK: - What is damaged

    /// The offsets of a file that are damaged: in the quick form of large ones a part, chosen at random.
    static func positions(in file: SourceFile, _ random: inout Random) -> [Int] {
        let wanted = UInt64(positionCount(of: file))
        let count = UInt64(file.bytes.count)
        guard count > wanted, !isVerifying || wanted < sampledSize else { return Array(file.bytes.indices) }
        return file.bytes.indices.filter { _ in random.next() % count < wanted }
    }

    /// What the languages of a plan give a meaning to, and bytes that are no text.
    private static let telling = Array("\"'{}[]:,#&*!|>%@`-?$\\ \n\t.(~0".utf8) + [0x00, 0x0D, 0x7F, 0x80, 0xC3, 0xFF]

    /// The bytes to put in one place.
    static func replacements(_ random: inout Random) -> [UInt8] {
        (0..<(isVerifying ? 8 : 2)).map { _ in telling[Int(random.next() % UInt64(telling.count))] }
    }

    /// SplitMix64: the same damage in every run.
    struct Random {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }
}
