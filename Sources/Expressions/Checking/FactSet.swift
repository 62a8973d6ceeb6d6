/// Which of the names of the plan language exist at a place.
package struct FactSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let vu = FactSet(rawValue: 1 << 0)
    package static let run = FactSet(rawValue: 1 << 1)
    package static let scenario = FactSet(rawValue: 1 << 2)
    package static let env = FactSet(rawValue: 1 << 3)
    package static let server = FactSet(rawValue: 1 << 4)
    package static let response = FactSet(rawValue: 1 << 5)
    package static let message = FactSet(rawValue: 1 << 6)
    package static let error = FactSet(rawValue: 1 << 7)
    package static let close = FactSet(rawValue: 1 << 8)
    package static let data = FactSet(rawValue: 1 << 9)

    /// What every step sees: all but the facts of single events.
    package static let always: FactSet = [.vu, .run, .scenario, .env, .data, .server]
}
