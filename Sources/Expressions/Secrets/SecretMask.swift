/// Keeps secret values out of what people and programs read: `***` stands in their place.
///
/// Text is best masked before it is quoted, escaped or shortened. For text that was already, the mask also knows the
/// common encodings of each secret, and its beginning where a text was cut within it.
package struct SecretMask: Sendable {
    /// Masks nothing.
    package static let none = SecretMask([])

    private static let replacement = Array("***".utf8)
    /// What follows a text that was cut (`Value.shown`, `String.escaped(limit:)`).
    private static let cutMarks = ["…", " …", "\" …"].map { Array($0.utf8) }
    /// Bytes of a beginning that are worth masking where a text was cut.
    private static let shortestBeginning = 4

    /// All forms of all secrets; the longest first, because one may be a part of another.
    private let forms: [[UInt8]]
    /// For each byte whether a form starts with it.
    private let starts: [Bool]

    /// - Parameter secrets: the values; empty ones are left out.
    package init(_ secrets: [String]) {
        let all = Set(secrets.filter { !$0.isEmpty }.flatMap { SecretForms.all(of: $0) })
        forms = all.sorted { $0.count > $1.count }
        var starts = [Bool](repeating: false, count: forms.isEmpty ? 0 : 256)
        for form in forms { starts[Int(form[0])] = true }
        self.starts = starts
    }

    package var isEmpty: Bool { forms.isEmpty }

    /// Bytes of the longest text that one `***` may stand for.
    var reach: Int { forms.first?.count ?? 0 }

    /// - Parameter isCut: whether the end of `bytes` may be within a secret.
    package func masked(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        guard !forms.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if starts[Int(bytes[place])], let count = secretLength(in: bytes[place...], isCut: isCut) {
                result += Self.replacement
                place += count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return result
    }

    package func masked(_ text: String) -> String {
        forms.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// Bytes of the secret, or of its beginning in front of a cut, that `text` starts with; nil for none.
    private func secretLength(in text: ArraySlice<UInt8>, isCut: Bool) -> Int? {
        var longestBeginning = 0
        for form in forms {
            let common = zip(form, text).prefix { $0 == $1 }.count
            if common == form.count { return common }
            guard common > longestBeginning, common >= Self.shortestBeginning else { continue }
            let rest = text.dropFirst(common)
            if rest.isEmpty ? isCut : Self.cutMarks.contains(where: rest.starts(with:)) { longestBeginning = common }
        }
        return longestBeginning > 0 ? longestBeginning : nil
    }
}
