import Diagnostics
import PlanSyntax
import Quantities

/// `load.stages`.
extension NodeReader {
    private static let stageKeys = KeySpace(
        owner: "a stage", known: ["duration", "target"],
        needed: [NeededKey("duration", .duration), NeededKey("target", .text)], foreign: ["for": "duration"])

    /// Of a ramp of virtual users.
    mutating func stagesOfVUs(_ node: PlanNode) -> [Load.Shape.Stage<Int>] {
        stages(node, target: "100") { reader, node in
            if let text = node.scalar?.text.text, (try? RateText.rate(of: text)) != nil {
                reader.report(
                    .wrongType, .rateOfVUs(text), at: node.span,
                    help: "write how many virtual users there are to be, or begin with 'start_rate' and set 'max_vus'")
                return Located(0, at: node.span)
            }
            return reader.integer(node, of: "'target'", "target: 100", in: 0...Self.vuRange.upperBound)
        }
    }

    /// Of a ramp of arrivals.
    mutating func stagesOfRates(_ node: PlanNode) -> [Load.Shape.Stage<Rate>] {
        stages(node, target: "100/s") { reader, node in
            reader.rate(node, of: "'target'", "target: 100/s", orZero: true)
        }
    }

    /// Whether the targets of stages look like rates.
    func hasRates(_ node: PlanNode?) -> Bool {
        let targets = (node?.sequence ?? []).compactMap { stage in
            stage.mapping?.first { $0.key.text == "target" }?.value.scalar
        }
        return targets.contains { $0.text.text.contains("/") }
    }

    private mutating func stages<Target>(
        _ node: PlanNode, target example: String, read: (inout NodeReader, PlanNode) -> Located<Target>
    ) -> [Load.Shape.Stage<Target>] {
        let element = "duration: 1m\n    target: \(example)"
        guard let elements = node.sequence ?? listWithoutSpaces(node) else {
            reportWrongType(node, of: "'stages'", Wanted("a list", "stages:\n  - \(element)"))
            return []
        }
        if elements.isEmpty { reportEmpty(node, of: "'stages'", example: "stages:\n  - \(element)") }
        let state = (findings.count, unknownCount)
        let stages = elements.compactMap { stage($0, target: example, read: read) }
        guard state == (findings.count, unknownCount) else { return stages }
        if !stages.isEmpty, stages.allSatisfy({ $0.duration.value == 0 }) {
            report(.outOfRange, .stagesWithoutTime, at: node.span)
        }
        var total: Int64 = 0
        for stage in stages {
            // Each is at most the longest there is: the sum is looked at before it can overflow.
            total += stage.duration.value
            guard total > DurationText.maximumNanoseconds else { continue }
            report(
                .outOfRange, .stagesTooLong, at: stage.duration.span,
                help: DurationText.help(for: "", .tooLong))
        }
        return stages
    }

    private mutating func stage<Target>(
        _ node: PlanNode, target targetExample: String, read: (inout NodeReader, PlanNode) -> Located<Target>
    ) -> Load.Shape.Stage<Target>? {
        let example = "- duration: 1m\n  target: \(targetExample)"
        guard let fields = fields(node, of: Self.stageKeys, example: example) else { return nil }
        for key in ["duration", "target"] where fields[key] == nil {
            reportMissing(key, of: "a stage", fields, example: example)
        }
        let duration = fields["duration"].map { self.duration($0, of: "'duration'", "duration: 1m", orZero: true) }
        let target = fields["target"].map { read(&self, $0) }
        guard let duration, let target else {
            // It may stand where the document could not be read, and then nothing has been reported.
            unknownCount += 1
            return nil
        }
        return Load.Shape.Stage(duration: duration, target: target)
    }
}

extension Diagnostic.Message {
    fileprivate static func rateOfVUs(_ text: String) -> Self {
        Self("the target of a ramp of virtual users is a number of them, not the rate '\(text)'")
    }

    fileprivate static let stagesWithoutTime = Self("the stages have to be longer than zero together")

    fileprivate static let stagesTooLong = Self("the stages are longer than a year together")
}
