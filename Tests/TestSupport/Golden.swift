import Glibc
package import Testing

/// Comparison with a file that holds what is expected.
package enum Golden {
    /// Fails where `actual` is not what the file at `path` holds. With `WSPLAN_RECORD=1` in the environment, or where there is
    /// no such file, it writes the file and fails all the same: what was recorded has to be read by somebody first.
    package static func expect(
        _ actual: String, equals path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let expected = getenv("WSPLAN_RECORD") == nil ? try? TextFile.read(path) : nil
        guard let expected else {
            do {
                try TextFile.write(actual, to: path)
                Issue.record("recorded \(path); read it, then run again", sourceLocation: sourceLocation)
            } catch {
                Issue.record(error, sourceLocation: sourceLocation)
            }
            return
        }
        guard actual != expected else { return }
        let pairs = zip(
            actual.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false))
        let line = pairs.enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = line.map { "line \($0 + 1)" } ?? "its end"
        Issue.record("differs from \(path) at \(place); it is:\n\(actual)", sourceLocation: sourceLocation)
    }
}
