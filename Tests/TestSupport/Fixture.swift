package import Diagnostics
import Testing

/// A file in the folder `Fixtures/` beside the tests of a target.
package struct Fixture: CustomTestStringConvertible, Sendable {
    /// Relative to `Fixtures/`.
    package let name: String
    package let path: String

    /// - Parameter testFile: a source file of the tests, directly in the folder of their target.
    package init(_ name: String, beside testFile: String = #filePath) {
        self.name = name
        path = Self.folder(beside: testFile) + name
    }

    /// The files with one of these endings in a folder of `Fixtures/`, in order. That there are none is a bug of the test.
    package static func all(
        in folder: String = "", endingIn endings: [String] = [".yaml"], beside testFile: String = #filePath
    ) -> [Fixture] {
        let names = (try? TextFile.names(in: Self.folder(beside: testFile) + folder)) ?? []
        let fixtures = names.filter { name in endings.contains { name.hasSuffix($0) } }
            .map { Fixture(folder.isEmpty ? $0 : "\(folder)/\($0)", beside: testFile) }
        precondition(!fixtures.isEmpty, "no fixtures in '\(folder)' beside \(testFile)")
        return fixtures
    }

    package var testDescription: String { name }

    /// The path up to the last `.`, for files of the same name with another ending.
    package var pathWithoutEnding: String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path }

    /// The file as a plan that is called `name`.
    /// - Throws: `SystemCallFailure`.
    package func source() throws -> SourceFile { SourceFile(name: name, bytes: try TextFile.readBytes(path)) }

    private static func folder(beside testFile: String) -> String {
        testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/Fixtures/"
    }
}
