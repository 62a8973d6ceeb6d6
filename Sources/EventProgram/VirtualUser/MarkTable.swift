/// The marks of a session that run, by their keys.
///
/// Where the program says so each key has a slot. Else the keys are bytes in one array, found by open addressing with
/// linear probing. Both keep their room over the user's sessions: once they have grown to what it needs, setting and
/// taking away a mark allocates nothing. What one session needed and the next does not is given back behind that one.
struct MarkTable {
    struct Mark {
        var sinceNanoseconds: Int64
        /// What it is counted under: an index of the program's texts of marks.
        var text: Int
    }

    enum Key {
        case slot(Int)
        /// Valid for the length of the call.
        case bytes(UnsafeRawBufferPointer)
    }

    enum SetOutcome {
        case added
        /// In place of one that ran, of this text.
        case replaced(text: Int)
        /// There are as many as there may be.
        case full
    }

    /// 24 bytes, of which those without a mark have no meaning but `text`.
    private struct Cell {
        var sinceNanoseconds: Int64 = 0
        var text: Int32 = -1
        var hash: UInt32 = 0
        var keyStart: UInt32 = 0
        var keyCount: UInt32 = 0

        var isEmpty: Bool { text < 0 }
        var mark: Mark { Mark(sinceNanoseconds: sinceNanoseconds, text: Int(text)) }
        var keyRange: Range<Int> { Int(keyStart)..<Int(keyStart) + Int(keyCount) }
    }

    private(set) var count = 0
    private var slots: [Cell]
    /// A power of two of them, or none; at most three in four have a mark.
    private var cells: [Cell] = []
    /// The keys of marks, and of some that have been taken away.
    private var keys: [UInt8] = []
    /// Where the keys go when `keys` is full of such as have been taken away.
    private var spareKeys: [UInt8] = []
    private var runningKeyBytes = 0
    /// The most marks that ran at once in this session.
    private var mostCount = 0

    init(slotCount: Int) { slots = Array(repeating: Cell(), count: slotCount) }

    subscript(key: Key) -> Mark? {
        switch key {
        case .slot(let index): return slots[index].isEmpty ? nil : slots[index].mark
        case .bytes(let bytes): return find(bytes, Self.hash(bytes)).map { cells[$0].mark }
        }
    }

    mutating func set(_ key: Key, to mark: Mark) -> SetOutcome {
        switch key {
        case .slot(let index):
            let old = slots[index]
            guard !old.isEmpty || count < VirtualUser.markLimit else { return .full }
            slots[index].sinceNanoseconds = mark.sinceNanoseconds
            slots[index].text = Int32(mark.text)
            guard old.isEmpty else { return .replaced(text: Int(old.text)) }
        case .bytes(let bytes):
            let hash = Self.hash(bytes)
            if let index = find(bytes, hash) {
                let old = cells[index].text
                cells[index].sinceNanoseconds = mark.sinceNanoseconds
                cells[index].text = Int32(mark.text)
                return .replaced(text: Int(old))
            }
            guard count < VirtualUser.markLimit else { return .full }
            if (count + 1) * 4 > cells.count * 3 { grow() }
            let start = append(bytes)
            cells[freeIndex(for: hash)] = Cell(
                sinceNanoseconds: mark.sinceNanoseconds, text: Int32(mark.text), hash: hash, keyStart: UInt32(start),
                keyCount: UInt32(bytes.count))
        }
        count += 1
        if count > mostCount { mostCount = count }
        return .added
    }

    mutating func remove(_ key: Key) -> Mark? {
        let mark: Mark
        switch key {
        case .slot(let index):
            guard !slots[index].isEmpty else { return nil }
            mark = slots[index].mark
            slots[index] = Cell()
        case .bytes(let bytes):
            guard let index = find(bytes, Self.hash(bytes)) else { return nil }
            mark = cells[index].mark
            runningKeyBytes -= bytes.count
            vacate(index)
        }
        count -= 1
        return mark
    }

    /// Takes away all marks and gives `visit` the text of each.
    mutating func removeAll(_ visit: (Int) -> Void) {
        if count > 0 {
            for index in slots.indices where !slots[index].isEmpty {
                visit(Int(slots[index].text))
                slots[index] = Cell()
            }
            for index in cells.indices where !cells[index].isEmpty {
                visit(Int(cells[index].text))
                cells[index] = Cell()
            }
            count = 0
        }
        keys.removeAll(keepingCapacity: true)
        runningKeyBytes = 0
        // Every session looks at all cells: a hundred times as many as it has marks are too many.
        if cells.count > 128, cells.count / 128 > mostCount {
            cells = []
            keys = []
            spareKeys = []
        }
        mostCount = 0
    }

    // MARK: Cells

    /// Seeded by the process: whoever chooses keys, a server perhaps, cannot choose their cells.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private func find(_ bytes: UnsafeRawBufferPointer, _ hash: UInt32) -> Int? {
        guard !cells.isEmpty else { return nil }
        let mask = cells.count - 1
        var index = Int(hash) & mask
        while !cells[index].isEmpty {
            if cells[index].hash == hash, Int(cells[index].keyCount) == bytes.count, hasKey(bytes, at: index) {
                return index
            }
            index = (index + 1) & mask
        }
        return nil
    }

    private func hasKey(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        keys.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[cells[index].keyRange]).elementsEqual(bytes) }
    }

    private func freeIndex(for hash: UInt32) -> Int {
        let mask = cells.count - 1
        var index = Int(hash) & mask
        while !cells[index].isEmpty { index = (index + 1) & mask }
        return index
    }

    /// Empties a cell, and moves those behind it that would not be found any more into the gap.
    private mutating func vacate(_ index: Int) {
        let mask = cells.count - 1
        var gap = index
        var next = (gap + 1) & mask
        while !cells[next].isEmpty {
            let home = Int(cells[next].hash) & mask
            if (next - home) & mask >= (next - gap) & mask {
                cells[gap] = cells[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        cells[gap] = Cell()
    }

    private mutating func grow() {
        let old = cells
        cells = Array(repeating: Cell(), count: max(16, old.count * 2))
        for cell in old where !cell.isEmpty { cells[freeIndex(for: cell.hash)] = cell }
    }

    // MARK: Keys

    /// Adds the bytes of a key and returns where they are.
    private mutating func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        if keys.count + bytes.count > keys.capacity, runningKeyBytes * 2 <= keys.count { dropUnusedKeys() }
        keys.append(contentsOf: bytes)
        runningKeyBytes += bytes.count
        return keys.count - bytes.count
    }

    private mutating func dropUnusedKeys() {
        spareKeys.removeAll(keepingCapacity: true)
        for index in cells.indices where !cells[index].isEmpty {
            let start = spareKeys.count
            spareKeys += keys[cells[index].keyRange]
            cells[index].keyStart = UInt32(start)
        }
        swap(&keys, &spareKeys)
    }
}
