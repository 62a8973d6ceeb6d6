import Expressions
import JSON

/// Reads comma-separated values (RFC 4180): a record of names, and records of as many cells. Lines may end with LF alone;
/// spaces belong to their cells.
struct CSVReader {
    private let bytes: [UInt8]
    private var offset: Int
    private var faults = FaultCollector()
    /// The cells of all records but the first.
    private var text: [UInt8] = []
    private var ends: [UInt32] = []

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.startOfText
    }

    mutating func table() throws(DataFaults) -> DataTable {
        checkText()
        let names = faults.isEmpty ? readNames() : []
        let start = offset
        while offset < bytes.count, !faults.isFull, !names.isEmpty, !endsHere {
            guard readRecord(of: names.count) else { break }
        }
        if faults.isEmpty, ends.isEmpty {
            faults.add(start == bytes.startOfText ? "the file is empty" : "there is no row below the names", at: start)
        }
        guard faults.isEmpty else { throw faults.located(in: bytes) }
        return DataTable(
            columns: DataColumns(names: names, types: .string), rowCount: ends.count / names.count,
            .cells(text: text, ends: ends))
    }

    /// Looks for what no text has.
    private mutating func checkText() {
        let fault = bytes.withUnsafeBytes { bytes -> (reason: String, offset: Int)? in
            var offset = 0
            while offset < bytes.count {
                let length = bytes[offset] < 0x80 ? 1 : utf8SequenceLength(in: bytes, at: offset)
                if length == 0 { return ("this is not UTF-8: save the file as UTF-8", offset) }
                if bytes[offset] == 0 { return ("a NUL byte cannot stand in a text", offset) }
                offset += length
            }
            return nil
        }
        if let fault { faults.add(fault.reason, at: fault.offset) }
    }

    /// The first record, each of whose cells has to be the name of a column of its own.
    private mutating func readNames() -> [String] {
        var names: [String] = []
        var known: Set<[UInt8]> = []
        guard offset < bytes.count else { return [] }
        repeat {
            let start = offset
            text.removeAll()
            guard readCell() else { return [] }
            if text.isEmpty {
                faults.add("the name of a column is missing", at: start)
            } else if !known.insert(text).inserted {
                faults.add("the column '\(String(decoding: text, as: UTF8.self))' is there twice", at: start)
            }
            names.append(String(decoding: text, as: UTF8.self))
            guard names.count <= DataTable.maximumColumnCount else {
                faults.add("there are more than \(DataTable.maximumColumnCount) columns", at: start)
                return []
            }
        } while take(Self.comma)
        text.removeAll()
        return takeLineBreak() && faults.isEmpty ? names : []
    }

    /// A record that has to have `count` cells. False where it is not known how to go on.
    private mutating func readRecord(of count: Int) -> Bool {
        let start = offset
        let (textCount, endCount) = (text.count, ends.count)
        repeat {
            guard readCell() else { return false }
            ends.append(UInt32(text.count))
        } while take(Self.comma)
        let found = ends.count - endCount
        if found != count {
            let isEmpty = found == 1 && text.count == textCount
            let cells = isEmpty ? "the line is empty" : "the row has \(found) cell\(found == 1 ? "" : "s")"
            faults.add("\(cells), and the first line names \(count) columns", at: start)
        }
        return takeLineBreak()
    }

    /// Appends a cell to `text`. False where it does not end.
    private mutating func readCell() -> Bool {
        take(Self.quote) ? readQuotedCell(openedAt: offset - 1) : readPlainCell()
    }

    private mutating func readPlainCell() -> Bool {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case Self.comma, Self.lineFeed, Self.carriageReturn:
                text += bytes[start..<offset]
                return true
            case Self.quote:
                faults.add(
                    "a quote within a cell: put the whole cell in quotes, and write \"\" for each in it", at: offset)
                return false
            default: offset += 1
            }
        }
        text += bytes[start..<offset]
        return true
    }

    /// Commas and line breaks stand for themselves in it, and two quotes for one.
    private mutating func readQuotedCell(openedAt opening: Int) -> Bool {
        while let end = bytes[offset...].firstIndex(of: Self.quote) {
            text += bytes[offset..<end]
            offset = end + 1
            guard take(Self.quote) else { return endsCell() }
            text.append(Self.quote)
        }
        faults.add("the quotes of this cell are not closed", at: opening)
        return false
    }

    /// Whether a cell may end behind its closing quote.
    private mutating func endsCell() -> Bool {
        guard offset < bytes.count, ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[offset]) else {
            return true
        }
        faults.add(
            "there is text behind the closing quote of a cell; a quote within a cell is written \"\"", at: offset)
        return false
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    /// The end of a record: CRLF, LF or the end of the file.
    private mutating func takeLineBreak() -> Bool {
        guard offset < bytes.count else { return true }
        let start = offset
        if take(Self.carriageReturn), !take(Self.lineFeed) {
            faults.add("a carriage return without a line feed ends no line", at: start)
            return false
        }
        if offset == start { offset += 1 }
        return true
    }

    /// Whether nothing follows but empty lines.
    private var endsHere: Bool {
        guard [Self.lineFeed, Self.carriageReturn].contains(bytes[offset]) else { return false }
        return bytes[offset...].allSatisfy { $0 == Self.lineFeed || $0 == Self.carriageReturn }
    }
}
