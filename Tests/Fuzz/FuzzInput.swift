/// The bytes of one run, as the fuzzer made them. What a target needs beside its data (a place to cut, a role) is taken
/// off the front, so that mutations of the data leave it as it is.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    var bytes: [UInt8] { Array(rest) }

    /// The next byte; 0 where there are none left.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// An index in `0...upperBound`, made of the next two bytes.
    mutating func index(upTo upperBound: Int) -> Int {
        (Int(byte()) << 8 | Int(byte())) % (upperBound + 1)
    }
}

/// Ends the process, which the fuzzer takes for a finding, where a property does not hold.
func require(
    _ condition: Bool, _ broken: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
    guard condition else { fatalError(broken(), file: file, line: line) }
}
