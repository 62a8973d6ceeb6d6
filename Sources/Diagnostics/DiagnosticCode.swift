/// The name of one kind of diagnostic, printed in brackets after it. A number is never used again for something else.
package enum DiagnosticCode: String, CaseIterable, Sendable {
    // 0xx: the text is not one well-formed YAML or JSON document (PlanSyntax).
    /// The file cannot be read.
    case unreadableFile = "WSP001"
    /// The bytes are not UTF-8, or hold characters that no text has.
    case invalidEncoding = "WSP002"
    /// There is no document in the file.
    case emptyDocument = "WSP003"
    /// The text does not follow YAML's syntax.
    case malformedYAML = "WSP004"
    /// The text does not follow JSON's syntax.
    case malformedJSON = "WSP005"
    /// A mapping has one key twice.
    case duplicateKey = "WSP006"
    /// The file holds more than one document.
    case severalDocuments = "WSP007"
    /// A value carries a YAML tag.
    case explicitTag = "WSP008"
    /// A key is not text: a list, a mapping, null.
    case unusableKey = "WSP009"
    /// An alias names no anchor, or one that it stands in.
    case unusableAlias = "WSP010"
    /// What is merged with `<<` is not a mapping.
    case unusableMerge = "WSP011"
    /// The document is larger or deeper than the reader's limits.
    case documentTooLarge = "WSP012"
    /// YAML takes a part of unquoted text for something else.
    case needsQuotes = "WSP013"

    // 1xx: the document is not a plan (PlanModel).

    // 2xx: a template or an expression is wrong (Expressions).

    // 3xx: the plan is well formed and cannot work as written (PlanLint, PlanCompiler).
}
