/// Cells that stay in their places while more are added, so that a sample finds its own with two loads.
///
/// All raw memory of this module is here and in `TrendCell`. With arrays in the recorder the run-time checks of
/// exclusivity and uniqueness took 20 ns of every sample.
final class CellTable<Cell: ~Copyable> {
    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Cell>>
    private var count = 0

    private static var cellsPerChunk: Int { 256 }
    /// 16 million cells: more series than the memory for their tags would allow.
    private static var chunkLimit: Int { 65_536 }

    init() { chunks = .allocate(capacity: Self.chunkLimit) }

    deinit {
        for index in 0..<count { pointer(to: index).deinitialize(count: 1) }
        for chunk in 0..<(count + Self.cellsPerChunk - 1) / Self.cellsPerChunk { chunks[chunk].deallocate() }
        chunks.deallocate()
    }

    /// Adds a cell and returns its index.
    func append(_ cell: consuming Cell) -> Int {
        let index = count
        if index.isMultiple(of: Self.cellsPerChunk) {
            precondition(index / Self.cellsPerChunk < Self.chunkLimit, "more than \(count) series of one kind")
            chunks[index / Self.cellsPerChunk] = .allocate(capacity: Self.cellsPerChunk)
        }
        pointer(to: index).initialize(to: cell)
        count += 1
        return index
    }

    /// - Parameter index: one that `append` returned; not checked.
    func pointer(to index: Int) -> UnsafeMutablePointer<Cell> {
        chunks[index / Self.cellsPerChunk] + index % Self.cellsPerChunk
    }
}
