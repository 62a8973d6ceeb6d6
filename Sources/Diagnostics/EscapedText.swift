extension String {
    /// This text on one line, with nothing in it that could move the cursor, hide text or turn its direction: such
    /// characters are written as `\n`, `\u{1B}`. Longer text is cut, and says how much is missing.
    ///
    /// - Parameter limit: in Unicode scalars of the text.
    package func escaped(limit: Int = 400) -> String {
        var result = ""
        for scalar in unicodeScalars.prefix(limit) { result += scalar.escapedForDisplay }
        let missing = unicodeScalars.count - limit
        return missing > 0 ? result + "… (\(missing) more)" : result
    }
}

extension Unicode.Scalar {
    /// Whether a terminal might act on it instead of showing it.
    package var isUnsafeToDisplay: Bool {
        switch properties.generalCategory {
        // `format` has the direction overrides and the invisible joiners, `surrogate` cannot occur.
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Itself, or in the notation of Swift where a terminal might act on it.
    package var escapedForDisplay: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where isUnsafeToDisplay: "\\u{\(String(value, radix: 16, uppercase: true))}"
        default: String(self)
        }
    }
}
