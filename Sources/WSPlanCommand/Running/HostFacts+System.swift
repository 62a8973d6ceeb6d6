import Glibc
import LoadMetrics

extension HostFacts {
    /// This machine, as the system describes it now (uname(2), sysconf(3), proc(5), getrlimit(2)).
    static var current: HostFacts {
        var names = utsname()
        let isKnown = uname(&names) == 0
        func text<Field>(_ field: Field) -> String {
            guard isKnown else { return "" }
            return withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        return HostFacts(
            name: text(names.nodename),
            kernel: [text(names.sysname), text(names.release), text(names.machine)].joined(separator: " "),
            cpuModel: cpuModel, cpuCount: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            memoryBytes: pages > 0 ? Int64(pages) * Int64(sysconf(Int32(_SC_PAGESIZE))) : nil,
            descriptorLimit: descriptorLimit)
    }

    /// What holds now; nil where there is no limit (RLIM_INFINITY), or the system does not say.
    private static var descriptorLimit: Int64? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur != .max else {
            return nil
        }
        return Int64(clamping: limit.rlim_cur)
    }

    /// The first that /proc/cpuinfo names; empty where it names none, as on most machines that are no PC.
    private static var cpuModel: String {
        guard let file = fopen("/proc/cpuinfo", "re") else { return "" }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
            return text[text.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return ""
    }
}
