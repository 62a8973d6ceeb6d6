import Diagnostics
import JSON
import PlanSyntax

/// A document as a tree, with the place of each value in the text.
private struct Tree: Equatable {
    enum Content: Equatable {
        case null
        case bool(Bool)
        case number(JSONNumber)
        case string([UInt8])
        case list([Tree])
        case object([Member])
    }

    struct Member: Equatable {
        var name: [UInt8]
        var value: Tree
    }

    var content: Content
    var range: Range<Int>

    static func == (left: Self, right: Self) -> Bool { left.content == right.content }

    init(scanning scanner: inout JSONScanner) throws(JSONError) {
        guard let token = try scanner.next() else { fatalError("no value where one has to be") }
        try self.init(token, &scanner)
    }

    private init(_ token: JSONToken, _ scanner: inout JSONScanner) throws(JSONError) {
        var end = token.range.upperBound
        switch token.kind {
        case .null: content = .null
        case .true: content = .bool(true)
        case .false: content = .bool(false)
        case .number: content = .number(Self.normal(scanner.number(token)))
        case .string: content = .string(Array(scanner.string(token).utf8))
        case .beginArray:
            var elements: [Tree] = []
            while let next = try scanner.next(), next.kind != .endArray { elements.append(try Tree(next, &scanner)) }
            content = .list(elements)
            end = scanner.offset
        case .beginObject:
            var members: [Member] = []
            while let key = try scanner.next(), key.kind != .endObject {
                members.append(Member(name: Array(scanner.string(key).utf8), value: try Tree(scanning: &scanner)))
            }
            content = .object(members)
            end = scanner.offset
        case .key, .endArray, .endObject: fatalError("\(token.kind) where a value has to be")
        }
        range = token.range.lowerBound..<end
    }

    /// The writer leaves the fraction of `2.0` out.
    private static func normal(_ number: JSONNumber) -> JSONNumber {
        guard case .double(let value) = number, let whole = Int64(exactly: value) else { return number }
        return .int(whole)
    }

    func write(to writer: inout JSONWriter) {
        switch content {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(.int(let value)): writer.int(value)
        case .number(.double(let value)):
            if value.isFinite { writer.double(value) } else { writer.raw(value < 0 ? "-1e999" : "1e999") }
        case .string(let bytes): writer.string(String(decoding: bytes, as: UTF8.self))
        case .list(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(String(decoding: member.name, as: UTF8.self))
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// Visits values with the paths that lead to them, until `budget` is used up. Of members with one name only the last
    /// can be reached.
    func walk(from path: [JSONPathStep] = [], budget: inout Int, _ visit: ([JSONPathStep], Tree) -> Void) {
        guard budget > 0 else { return }
        budget -= 1
        visit(path, self)
        switch content {
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                element.walk(from: path + [.index(index)], budget: &budget, visit)
            }
        case .object(let members):
            for (index, member) in members.enumerated() {
                guard !members[(index + 1)...].contains(where: { $0.name == member.name }) else { continue }
                member.value.walk(from: path + [.key(member.name)], budget: &budget, visit)
            }
        default: break
        }
    }
}

/// JSON: scanner, lookup, writer and the reader of plans agree about what a text is and where its values stand.
///
/// Input: the text.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = FuzzInput(start, count).bytes
    bytes.withUnsafeBytes(compareScannerWithLookup)

    let file = SourceFile(name: "plan.json", bytes: bytes)
    let (node, diagnostics) = PlanDocument.read(file)
    require(node != nil || !diagnostics.isEmpty, "no plan and no word about it")
    requireSpansWithin(file, node: node, diagnostics: diagnostics)
    if diagnostics.isEmpty {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        let isValid = content.withUnsafeBytes { (try? JSONScanner.validate($0, loneSurrogates: .rejected)) != nil }
        require(isValid, "a plan was read from what is not JSON")
    }
    return 0
}

private func compareScannerWithLookup(_ bytes: UnsafeRawBufferPointer) {
    var scanner = JSONScanner(bytes)
    let tree: Tree
    do throws(JSONError) {
        tree = try Tree(scanning: &scanner)
        require(try scanner.next() == nil, "a token behind the document")
    } catch {
        require((0...bytes.count).contains(error.offset), "error at \(error.offset) of \(bytes.count)")
        require(!error.description.isEmpty, "an error without words")
        do throws(JSONError) {
            try JSONScanner.validate(bytes)
            require(false, "valid, though scanning says: \(error)")
        } catch let other {
            require(other == error, "\(other) instead of \(error)")
        }
        return
    }

    var budget = 40
    tree.walk(budget: &budget) { steps, value in
        let path = JSONPath(steps)
        defer { path.deallocate() }
        guard case .found(let token)? = try? JSONScanner.find(path, in: bytes) else {
            fatalError("nothing at \(steps)")
        }
        require(token.range == value.range, "\(steps) at \(token.range) instead of \(value.range)")
    }

    var writer = JSONWriter()
    tree.write(to: &writer)
    writer.bytes.withUnsafeBytes { written in
        var scanner = JSONScanner(written)
        guard let again = try? Tree(scanning: &scanner) else { fatalError("what was written is not JSON") }
        require(again == tree, "written and read again it is another document")
    }
}
