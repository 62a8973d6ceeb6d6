import Diagnostics
import EventProgram
import Expressions
import PlanModel

/// What is shown of a plan while it is judged: its own lines, and words about them. Neither may tell what the environment holds.
extension LoadedPlan {
    /// A shorter one would take half of the plan with it.
    private static let shortestSecret = 4

    /// For the plan's text, where a secret may stand as well (a password in `url`).
    private var textMask: SecretMask {
        SecretMask((plan?.secrets ?? []).filter { $0.utf8.count >= Self.shortestSecret })
    }

    /// The file with `*` in the place of each byte of a secret, so that all places stay what they are.
    var shownFile: SourceFile {
        let mask = textMask
        guard !mask.isEmpty else { return file }
        var bytes = file.bytes
        for range in mask.ranges(in: bytes) {
            for place in range where bytes[place] != UInt8(ascii: "\n") { bytes[place] = UInt8(ascii: "*") }
        }
        return SourceFile(name: mask.masked(file.name), bytes: bytes)
    }

    /// The diagnostics as they are printed.
    var renderedDiagnostics: String {
        let mask = textMask
        guard !mask.isEmpty else { return DiagnosticRenderer(file: file).render(diagnostics) }
        return DiagnosticRenderer(file: shownFile).render(
            diagnostics.map { diagnostic in
                var diagnostic = diagnostic
                diagnostic.message.text = mask.masked(diagnostic.message.text)
                diagnostic.help = diagnostic.help.map { mask.masked($0) }
                for index in diagnostic.notes.indices {
                    diagnostic.notes[index].text = mask.masked(diagnostic.notes[index].text)
                }
                return diagnostic
            })
    }

    /// The listings of all programs, with the plan's lines or without.
    func listing(withLines: Bool) -> String {
        textMask.masked(programs.listing(file: withLines ? file : nil))
    }
}
