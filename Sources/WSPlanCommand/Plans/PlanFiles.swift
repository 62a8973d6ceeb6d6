import Glibc
import PlanSyntax

/// Which files the paths on a command line stand for.
enum PlanFiles {
    struct Problem: Error {
        var reason: String
    }

    private static let endings = [".yaml", ".yml", ".json"]

    /// Files as they are, `-`, and of a folder all plans in it and in the folders below, in the order of their names.
    static func expand(_ paths: [String]) throws(Problem) -> [String] {
        var files: [String] = []
        for path in paths {
            if path == "-", files.contains("-") { throw Problem(reason: "standard input ('-') holds only one plan") }
            guard path != "-", isFolder(path) else {
                files.append(path)
                continue
            }
            let found = try plans(below: path)
            if found.isEmpty { throw Problem(reason: "there is no plan (*.yaml, *.yml, *.json) in '\(path)'") }
            files += found
        }
        return files
    }

    private static func plans(below folder: String) throws(Problem) -> [String] {
        guard let stream = opendir(folder) else {
            throw Problem(reason: "cannot read '\(folder)': \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // Hidden files are no plans, and `.` and `..` would never end.
            if !name.hasPrefix(".") { names.append(name) }
        }
        var files: [String] = []
        for name in names.sorted() {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if isFolder(path, followingLinks: false) {
                files += try plans(below: path)
            } else if endings.contains(where: name.hasSuffix) {
                files.append(path)
            }
        }
        return files
    }

    private static func isFolder(_ path: String, followingLinks: Bool = true) -> Bool {
        var status = stat()
        guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
