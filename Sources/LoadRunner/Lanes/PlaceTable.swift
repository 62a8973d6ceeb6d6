/// Elements that stay in their places while more are added, in memory that is taken as they come.
///
/// It lies behind pointers, because accesses to stored properties of a class are checked for exclusivity at run time,
/// which was 13 % of all instructions spent on an echo. Whoever makes one gives it back.
struct PlaceTable<Element: ~Copyable> {
    private static var chunkBits: Int { 8 }
    private static var chunkSize: Int { 1 << chunkBits }

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>

    /// - Parameter capacity: how many elements there can ever be.
    init(capacity: Int) {
        chunks = .allocate(capacity: (capacity + Self.chunkSize - 1) / Self.chunkSize)
    }

    /// Puts the element with the next index in its place: the indices come in order, from 0.
    func initialize(_ index: Int, to element: consuming Element) {
        if index.isMultiple(of: Self.chunkSize) {
            (chunks + index / Self.chunkSize).initialize(to: .allocate(capacity: Self.chunkSize))
        }
        place(index).initialize(to: element)
    }

    /// Gives everything back.
    ///
    /// - Parameter count: how many elements there are.
    func deallocate(count: Int) {
        for index in 0..<count { place(index).deinitialize(count: 1) }
        for chunk in 0..<(count + Self.chunkSize - 1) / Self.chunkSize { chunks[chunk].deallocate() }
        chunks.deallocate()
    }

    /// - Parameter index: that of an element; not checked.
    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        // Not `/` and `%`, which would do more for numbers below zero.
        chunks[index &>> Self.chunkBits] + (index & (Self.chunkSize - 1))
    }

    subscript(index: Int) -> Element {
        @inline(__always) _read { yield place(index).pointee }
        @inline(__always) nonmutating _modify { yield &place(index).pointee }
    }
}
