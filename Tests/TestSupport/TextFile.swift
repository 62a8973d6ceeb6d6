import Glibc

/// Whole files in and out, without Foundation.
package enum TextFile {
    /// - Throws: `SystemCallFailure`.
    package static func read(_ path: String) throws -> String {
        String(decoding: try readBytes(path), as: UTF8.self)
    }

    /// - Throws: `SystemCallFailure`.
    package static func readBytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw SystemCallFailure("open \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        guard ferror(file) == 0 else { throw SystemCallFailure("read \(path)") }
        return bytes
    }

    /// - Throws: `SystemCallFailure`.
    package static func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    /// - Throws: `SystemCallFailure`.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw SystemCallFailure("open \(path)") }
        let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == bytes.count else { throw SystemCallFailure("write \(path)") }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    /// - Throws: `SystemCallFailure`.
    package static func names(in directory: String) throws -> [String] {
        guard let listing = opendir(directory) else { throw SystemCallFailure("opendir \(directory)") }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
