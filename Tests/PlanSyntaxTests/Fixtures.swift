import Diagnostics
import Glibc
import PlanSyntax

/// A plan file beside these tests, with the golden file that says what reading it gives.
struct Fixture: CustomStringConvertible, Sendable {
    /// Relative to `Fixtures/`; also the name that diagnostics show.
    let name: String

    var description: String { name }
    var path: String { Self.folder + name }

    var file: SourceFile {
        get throws { SourceFile(name: name, bytes: try SourceFile.load(path: path).bytes) }
    }

    /// The plan files of a folder, in order.
    static func all(in folder: String) -> [Fixture] {
        guard let directory = opendir(self.folder + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".yaml") || name.hasSuffix(".json") { names.append("\(folder)/\(name)") }
        }
        return names.sorted().map(Fixture.init)
    }

    private static let folder: String = {
        var path = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        path[path.count - 1] = "Fixtures/"
        return path.joined(separator: "/")
    }()
}

/// Compares with a golden file. With `WSPLAN_RECORD=1` in the environment a different one is written anew; the answer is
/// a complaint all the same, so that no run that recorded passes.
func difference(of actual: String, toGolden path: String) -> String? {
    let recorded = (try? SourceFile.load(path: path)).map { String(decoding: $0.bytes, as: UTF8.self) }
    guard recorded != actual else { return nil }
    guard getenv("WSPLAN_RECORD").map({ String(cString: $0) }) == "1" else {
        return "\(path) has\n\(recorded ?? "(no such file)")\nand this gave\n\(actual)"
    }
    guard let file = fopen(path, "w") else { return "cannot write \(path)" }
    defer { fclose(file) }
    let bytes = Array(actual.utf8)
    return fwrite(bytes, 1, bytes.count, file) == bytes.count ? "recorded \(path)" : "cannot write \(path)"
}
