package import Diagnostics

/// A part of an expression and what it was, to show beside a check that failed.
package struct Explained: Hashable, Sendable {
    /// The part as the author wrote it.
    package var source: String
    package var span: SourceSpan
    /// Its value as text, shortened; or why it has none.
    package var value: String
}
