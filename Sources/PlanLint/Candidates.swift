import Diagnostics

/// The names that a plan has, for the help of a finding about one that it has not.
struct Candidates {
    private let names: [String]
    private let known: Set<String>

    init(_ names: [String]) {
        self.names = names
        known = Set(names)
    }

    /// Beyond so many names neither a suggestion nor a list of them is worth its time.
    private static let limit = 50

    func contains(_ name: String) -> Bool { known.contains(name) }

    /// What to write instead of `name`; `none` where the plan has no names at all.
    func help(for name: String, _ kind: String, none: String) -> String {
        guard !names.isEmpty else { return none }
        let shown = names.prefix(Self.limit)
        if let near = suggestion(for: name, among: shown) { return "did you mean '\(near)'?" }
        return "\(kind) are: " + shown.joined(separator: ", ") + (names.count > Self.limit ? ", …" : "")
    }
}
