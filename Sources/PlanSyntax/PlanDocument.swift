package import Diagnostics

/// The reader of plan files.
package enum PlanDocument {
    package enum Format: Hashable, Sendable {
        case yaml
        case json

        /// JSON for a name that ends in `.json`, and for standard input whose first character is `{`; else YAML.
        package init(of file: SourceFile) {
            if file.name.lowercased().utf8.suffix(5).elementsEqual(".json".utf8) {
                self = .json
            } else if file.name == SourceFile.standardInputName {
                let first = file.bytes.trimmingByteOrderMark.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
                self = first == UInt8(ascii: "{") ? .json : .yaml
            } else {
                self = .yaml
            }
        }
    }

    /// The largest file that is read, in bytes.
    static let maximumFileSize = 4 << 20
    /// How many lists and mappings may stand within each other, aliases carried out.
    package static let maximumDepth = 64
    /// How many nodes a document may have, aliases carried out. A few lines can otherwise mean billions.
    static let maximumNodeCount = 100_000

    /// After so many diagnostics reading stops: more would help nobody, and each of them takes time.
    package static let maximumDiagnosticCount = 100

    /// Reads the one document of a file.
    ///
    /// The node is nil if there is none, if the text cannot be decoded, or if it is beyond a limit. With other errors there
    /// is a node as well, so that more can be said about it: what cannot be read is ``PlanNode/Content/unreadable``, and
    /// where parts may be missing the node is not ``PlanNode/isComplete``. Of a document whose syntax is broken it holds
    /// what stands before the break, but for the last value there, since what follows may have been meant as part of it.
    package static func read(
        _ file: SourceFile, format: Format? = nil
    ) -> (node: PlanNode?, diagnostics: [Diagnostic]) {
        switch format ?? Format(of: file) {
        case .yaml: YAMLReader.read(file)
        case .json: JSONReader.read(file)
        }
    }
}

extension [UInt8] {
    /// Without the byte order mark (EF BB BF) that some editors put first.
    var trimmingByteOrderMark: ArraySlice<UInt8> { starts(with: [0xEF, 0xBB, 0xBF]) ? self[3...] : self[...] }
}
