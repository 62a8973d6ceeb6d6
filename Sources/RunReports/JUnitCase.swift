import Diagnostics

/// One case of a JUnit report: something that had to hold, and whether it did.
struct JUnitCase {
    enum Outcome {
        case passed
        /// It was not judged, for this reason.
        case skipped(String)
        /// It did not hold. `type` is one word for programs; `message` says why in a line, `text` in as many as it takes.
        case failed(type: String, message: String, text: String)
        /// It could not be found out, or not be trusted: the run was cut short, or could not be made here.
        case errored(type: String, message: String)
    }

    var className: String
    var name: String
    var outcome: Outcome
}

extension [JUnitCase] {
    /// So that no two have one name, which programs take for two runs of one case: the second is called `name (2)`.
    ///
    /// - Parameter taken: the names of earlier cases; those of these ones are added.
    func withUniqueNames(besides taken: inout Set<[String]>) -> [JUnitCase] {
        map { original in
            var item = original
            var number = 1
            while !taken.insert([item.className.asToken, item.name.asToken]).inserted {
                number += 1
                item.name = "\(original.name) (\(number))"
            }
            return item
        }
    }
}

extension String {
    /// What a parser makes of it: names are tokens, in which white space is nothing but single spaces between words (XML
    /// Schema Part 2, §3.3.2).
    fileprivate var asToken: String { escaped(limit: .max).split(separator: " ").joined(separator: " ") }
}
