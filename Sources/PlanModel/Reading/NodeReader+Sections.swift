import Diagnostics
import PlanSyntax

/// Keys of a plan, or of a scenario, and of its sections that stand one level too high or too low.
extension NodeReader {
    /// The sections whose keys have names that say where they belong.
    private static let sections = [("load", loadKeys), ("connect", connectKeys), ("expect", expectKeys)]

    private static func section(of key: String) -> (String, KeySpace)? {
        sections.first { _, space in space.known.contains(key) }
    }

    /// Reports keys of a section that stand beside it, and puts them into it, so that what is wrong with their values is
    /// said as well.
    mutating func moveIntoSections(in fields: inout Fields, of owner: KeySpace) {
        var moved: Set<String> = []
        for entry in fields.entries where !owner.known.contains(entry.key.text) {
            guard let (name, space) = Self.section(of: entry.key.text) else { continue }
            fields.remove(entry)
            // That one stands there twice has been reported.
            guard moved.insert(entry.key.text).inserted else { continue }
            move(entry, to: name, space, insteadOf: "beside it", in: &fields)
        }
    }

    /// Reports keys of the plan or the scenario, or of another section, that stand in a section, and puts them to where they belong.
    mutating func moveOutOfSections(in fields: inout Fields, of owner: KeySpace) {
        for (name, space) in Self.sections {
            guard let section = fields[name], let entries = section.mapping else { continue }
            let misplaced = entries.filter { entry in
                let key = entry.key.text
                return !space.known.contains(key) && (Self.planKeys.known.contains(key) || Self.section(of: key) != nil)
            }
            guard !misplaced.isEmpty else { continue }
            var rest = section
            rest.content = .mapping(entries.filter { !misplaced.contains($0) })
            fields.replaceValue(of: name, with: rest)
            for entry in misplaced {
                if owner.ofPlan.contains(entry.key.text) {
                    reportBelongsToPlan(entry.key)
                    leaveOut(entry.value)
                } else if Self.planKeys.known.contains(entry.key.text) {
                    reportStandsBeside(entry.key, space.owner)
                    if fields[entry.key.text] == nil { fields.append(entry) } else { leaveOut(entry.value) }
                } else if let (other, otherSpace) = Self.section(of: entry.key.text) {
                    move(entry, to: other, otherSpace, insteadOf: "into \(space.owner)", in: &fields)
                }
            }
        }
    }

    /// Puts an entry, which is reported, into a section.
    private mutating func move(
        _ entry: PlanNode.Entry, to name: String, _ space: KeySpace, insteadOf place: String, in fields: inout Fields
    ) {
        let key = entry.key
        let value = file.text(of: entry.value.span)
        let isOneLine = (entry.value.scalar != nil || entry.value.isFlow) && !value.contains("\n")
        let shown = isOneLine && value.utf8.count < 80 ? value : "…"
        report(
            .misplacedOption, .belongsInto(key.text, space.owner, insteadOf: place), at: key.span,
            help: "write it below \(space.owner):\n\(name):\n  \(key.text): \(shown)")
        guard let section = fields[name] else {
            let section = PlanNode(.mapping([entry]), at: key.span.union(entry.value.span))
            fields.append(.init(key: LocatedText(name, at: key.span), value: section))
            return
        }
        guard let entries = section.mapping, !entries.contains(where: { $0.key.text == key.text }) else {
            leaveOut(entry.value)
            return
        }
        var extended = section
        extended.content = .mapping(entries + [entry])
        fields.replaceValue(of: name, with: extended)
    }
}

extension Diagnostic.Message {
    fileprivate static func belongsInto(_ key: String, _ owner: String, insteadOf place: String) -> Self {
        Self("'\(key)' belongs into \(owner), not \(place)")
    }
}
