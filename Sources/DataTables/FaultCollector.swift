import Diagnostics

/// The faults of a file that is being read, as byte offsets; lines are counted only where somebody needs them.
struct FaultCollector {
    private var found: [(offset: Int, reason: String)] = []

    var isEmpty: Bool { found.isEmpty }

    /// Whether reading on finds nothing that anybody hears of.
    private(set) var isFull = false

    /// Adds a fault; behind the `last` one nothing is worth reading.
    mutating func add(_ reason: String, at offset: Int, isLast: Bool = false) {
        guard !isFull else { return }
        found.append((offset, reason))
        isFull = isLast || found.count == DataFaults.limit
    }

    /// The faults with their places in `bytes`.
    func located(in bytes: [UInt8]) -> DataFaults {
        let file = SourceFile(name: "", bytes: bytes)
        return DataFaults(
            faults: found.map { fault in
                let position = file.position(at: UInt32(fault.offset))
                return DataFault(line: position.line, column: position.column, reason: fault.reason)
            })
    }
}

extension [UInt8] {
    /// Behind the byte order mark, if there is one.
    var startOfText: Int { starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}
