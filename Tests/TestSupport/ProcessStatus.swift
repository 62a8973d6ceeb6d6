package import Glibc

/// What the kernel says of a process that runs.
package enum ProcessStatus {
    /// The number of descriptors that it has open; nil once it has ended.
    package static func descriptors(of processID: pid_t) -> Int? {
        try? TextFile.names(in: "/proc/\(processID)/fd").count
    }

    /// A number of /proc/PID/status, such as `VmRSS`, in KiB where it is one of memory; nil once it has ended.
    package static func number(_ field: String, of processID: pid_t) -> Int? {
        guard let status = try? TextFile.read("/proc/\(processID)/status") else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line.flatMap { Int($0.dropFirst(field.count + 1).filter(\.isNumber)) }
    }
}
