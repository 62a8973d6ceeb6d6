package import Diagnostics

/// Which plan was run: results are of one run only where all of this is the same, but for the name of the file.
package struct PlanIdentity: Sendable {
    /// A file whose content is part of the plan: rows of data, a message.
    package struct File: Hashable, Sendable {
        /// As the plan names it.
        package var path: String
        /// SHA-256 of its bytes, as hexadecimal digits.
        package var digest: String

        package init(path: String, digest: String) {
            self.path = path
            self.digest = digest
        }
    }

    package var name: String
    /// Its text without secrets, to draw failures under the author's own lines, and its file as the user named it.
    package var source: SourceFile
    /// SHA-256 of the plan's bytes, as hexadecimal digits.
    package var digest: String
    package var files: [File]

    package init(name: String, source: SourceFile, digest: String, files: [File] = []) {
        self.name = name
        self.source = source
        self.digest = digest
        self.files = files
    }
}
